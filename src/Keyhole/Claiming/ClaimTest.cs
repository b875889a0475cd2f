using Keyhole.Memories;
using Keyhole.Statistics;

namespace Keyhole.Claiming;

/// <summary>A memory and a predicate, counted over positions. Numbers whose denominator is zero are NaN.</summary>
public sealed record ClaimTest
{
    /// <summary>The memory.</summary>
    public required NeuronId Memory { get; init; }

    /// <summary>Its pole.</summary>
    public required Pole Pole { get; init; }

    /// <summary>The number that it was chosen by, on the half of the texts that is not counted here; NaN where the claim names the memory.</summary>
    public double Screened { get; init; } = double.NaN;

    /// <summary>The coefficient above which the memory counts as active, on its pole; NaN of a rank, which has one for each position.</summary>
    public required double Threshold { get; init; }

    /// <summary>Texts with a position.</summary>
    public required int Texts { get; init; }

    /// <summary>Active and not, P and not.</summary>
    public required DetectorCounts Counts { get; init; }

    /// <summary>95% interval of P(P | active).</summary>
    public required Interval PrecisionInterval { get; init; }

    /// <summary>95% interval of P(active | P).</summary>
    public required Interval RecallInterval { get; init; }

    /// <summary>95% interval of P(not P | inactive).</summary>
    public required Interval NegativeInterval { get; init; }

    /// <summary>95% interval of the lift.</summary>
    public required Interval LiftInterval { get; init; }

    /// <summary>95% interval of phi.</summary>
    public required Interval PhiInterval { get; init; }

    /// <summary>Area under the ROC curve of the coefficient.</summary>
    public required double Auroc { get; init; }

    /// <summary>Its 95% interval; none where it was not asked for.</summary>
    public Interval AurocInterval { get; init; } = Interval.None;

    /// <summary>Average precision of the coefficient.</summary>
    public required double AveragePrecision { get; init; }

    /// <summary>Its 95% interval; none where it was not asked for.</summary>
    public Interval AveragePrecisionInterval { get; init; } = Interval.None;

    /// <summary>p-value against independence of activity and P (<see cref="ClusteredScoreTest"/>).</summary>
    public required double P { get; init; }

    /// <summary>The same after Benjamini and Hochberg, over all tests of the run.</summary>
    public double AdjustedP { get; init; } = double.NaN;

    /// <summary>What follows of the claim.</summary>
    public required ClaimVerdict Verdict { get; init; }

    /// <summary>Positions in their texts.</summary>
    public ClaimExamples Examples { get; init; } = ClaimExamples.None;
}
