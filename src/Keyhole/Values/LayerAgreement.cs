using Keyhole.Statistics;

namespace Keyhole.Values;

/// <summary>Agreement in one layer.</summary>
public sealed record LayerAgreement
{
    /// <summary>The layer.</summary>
    public required int Layer { get; init; }

    /// <summary>Memories whose argmax p is the target.</summary>
    public required Share Agreement { get; init; }

    /// <summary>The same with the current token.</summary>
    public required Share WithCurrent { get; init; }

    /// <summary>The same with the model's own top token.</summary>
    public required Share WithModel { get; init; }

    /// <summary>The same with values paired at random.</summary>
    public required Estimate Shuffled { get; init; }

    /// <summary>1/V.</summary>
    public required double Chance { get; init; }

    /// <summary>Rank of the target.</summary>
    public required Quartiles TargetRank { get; init; }

    /// <summary>Rank of the current token.</summary>
    public required Quartiles CurrentRank { get; init; }

    /// <summary>Memories with a target.</summary>
    public required long Memories { get; init; }
}
