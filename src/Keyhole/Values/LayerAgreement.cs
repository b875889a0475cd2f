using Keyhole.Statistics;

namespace Keyhole.Values;

/// <summary>Agreement of a layer.</summary>
public sealed record LayerAgreement
{
    /// <summary>Layer.</summary>
    public required int Layer { get; init; }

    /// <summary>Agreement.</summary>
    public required Share Agreement { get; init; }

    /// <summary>With the current token.</summary>
    public required Share WithCurrent { get; init; }

    /// <summary>With the model.</summary>
    public required Share WithModel { get; init; }

    /// <summary>Null.</summary>
    public required Estimate Shuffled { get; init; }

    /// <summary>1/V.</summary>
    public required double Chance { get; init; }

    /// <summary>Ranks.</summary>
    public required Quartiles TargetRank { get; init; }

    /// <summary>Ranks.</summary>
    public required Quartiles CurrentRank { get; init; }

    /// <summary>Memories.</summary>
    public required long Memories { get; init; }
}
