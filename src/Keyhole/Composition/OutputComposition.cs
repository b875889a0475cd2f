using Keyhole.Statistics;

namespace Keyhole.Composition;

/// <summary>Readings of the output over all prefixes.</summary>
public sealed record OutputComposition
{
    /// <summary>Prefixes with a target whose final prediction it is.</summary>
    public required Share FinalIsTarget { get; init; }

    /// <summary>Rank of the target.</summary>
    public required Quartiles TargetRank { get; init; }

    /// <summary>Mean probability of the target.</summary>
    public required Estimate TargetProbability { get; init; }

    /// <summary>Rank of the final prediction: 0 but for ties.</summary>
    public required Quartiles FinalRank { get; init; }

    /// <summary>Mean probability of the final prediction.</summary>
    public required Estimate FinalProbability { get; init; }

    /// <summary>Its quartiles.</summary>
    public required Quartiles FinalProbabilityQuartiles { get; init; }

    /// <summary>Rank of the current token.</summary>
    public required Quartiles CurrentRank { get; init; }

    /// <summary>Rank of another prefix's target.</summary>
    public required Quartiles ShuffledRank { get; init; }

    /// <summary>Mean entropy, in nats.</summary>
    public required Estimate Entropy { get; init; }
}
