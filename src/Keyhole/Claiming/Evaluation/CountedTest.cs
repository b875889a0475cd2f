using Keyhole.Statistics;

namespace Keyhole.Claiming.Evaluation;

/// <summary>A claim and a memory, counted; intervals, adjusted p-values and texts of examples come later.</summary>
internal sealed class CountedTest
{
    /// <summary>What was counted.</summary>
    public required PlannedTest Plan { get; init; }

    /// <summary>Over which positions.</summary>
    public required PositionSet Positions { get; init; }

    /// <summary>The coefficient above which the memory is active.</summary>
    public required double Above { get; init; }

    /// <summary>Counts by text.</summary>
    public required TextCounts[] Texts { get; init; }

    /// <summary>Counts of all positions.</summary>
    public required DetectorCounts Counts { get; init; }

    /// <summary>Area under the ROC curve.</summary>
    public required double Auroc { get; init; }

    /// <summary>Average precision.</summary>
    public required double AveragePrecision { get; init; }

    /// <summary>p-value against independence.</summary>
    public required double P { get; init; }

    /// <summary>Positions in order, where their intervals are wanted; taken back when these are there.</summary>
    public RankedPositions? Ranked { get; set; }

    /// <summary>Positions for examples.</summary>
    public required ExamplePicks Picks { get; init; }

    /// <summary>Intervals of <see cref="TextResamples.Intervals"/>.</summary>
    public Interval[] Intervals { get; set; } = [];
}
