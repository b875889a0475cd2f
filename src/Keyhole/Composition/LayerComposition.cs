using Keyhole.Statistics;

namespace Keyhole.Composition;

/// <summary>One layer over all prefixes.</summary>
public sealed record LayerComposition
{
    /// <summary>The layer.</summary>
    public required int Layer { get; init; }

    /// <summary>Share of active memories.</summary>
    public required Estimate ActiveShare { get; init; }

    /// <summary>Its quartiles.</summary>
    public required Quartiles ActiveQuartiles { get; init; }

    /// <summary>Share of memories with m &gt; 0.</summary>
    public required Estimate PositiveShare { get; init; }

    /// <summary>Prefixes where no active memory agrees.</summary>
    public required Share ZeroAgreement { get; init; }

    /// <summary>Prefixes where no memory agrees.</summary>
    public required Share ZeroAgreementOverAll { get; init; }

    /// <summary>Of the rest.</summary>
    public required Share StopWordTop { get; init; }

    /// <summary>Of the rest.</summary>
    public required Share StopWordTarget { get; init; }

    /// <summary>Of the rest.</summary>
    public required Share ShortPrefix { get; init; }

    /// <summary>top(r) is the final prediction.</summary>
    public required Share FinalInResidual { get; init; }

    /// <summary>Mean.</summary>
    public required Estimate FinalProbability { get; init; }

    /// <summary>Quartiles.</summary>
    public required Quartiles FinalProbabilityQuartiles { get; init; }

    /// <summary>By the model readout.</summary>
    public required Breakdown Breakdown { get; init; }

    /// <summary>By one linear readout.</summary>
    public required Breakdown LinearBreakdown { get; init; }

    /// <summary>Median.</summary>
    public required double MedianTargetRank { get; init; }

    /// <summary>Quartiles.</summary>
    public required Quartiles TargetRank { get; init; }

    /// <summary>Quartiles.</summary>
    public required Quartiles FinalRank { get; init; }

    /// <summary>Quartiles.</summary>
    public required Quartiles CurrentRank { get; init; }

    /// <summary>In nats.</summary>
    public required Estimate Entropy { get; init; }
}
