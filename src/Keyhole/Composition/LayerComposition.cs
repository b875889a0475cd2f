using Keyhole.Statistics;

namespace Keyhole.Composition;

/// <summary>Section 5 by layer.</summary>
public sealed record LayerComposition
{
    /// <summary>Layer.</summary>
    public required int Layer { get; init; }

    /// <summary>Mean.</summary>
    public required Estimate ActiveShare { get; init; }

    /// <summary>Quartiles.</summary>
    public required Quartiles ActiveQuartiles { get; init; }

    /// <summary>Mean.</summary>
    public required Estimate PositiveShare { get; init; }

    /// <summary>Share.</summary>
    public required Share ZeroAgreement { get; init; }

    /// <summary>Share.</summary>
    public required Share ZeroAgreementOverAll { get; init; }

    /// <summary>Share.</summary>
    public required Share StopWordTop { get; init; }

    /// <summary>Share.</summary>
    public required Share StopWordTarget { get; init; }

    /// <summary>Share.</summary>
    public required Share ShortPrefix { get; init; }

    /// <summary>Share.</summary>
    public required Share FinalInResidual { get; init; }

    /// <summary>Mean.</summary>
    public required Estimate FinalProbability { get; init; }

    /// <summary>Quartiles.</summary>
    public required Quartiles FinalProbabilityQuartiles { get; init; }

    /// <summary>Breakdown.</summary>
    public required Breakdown Breakdown { get; init; }

    /// <summary>Breakdown.</summary>
    public required Breakdown LinearBreakdown { get; init; }

    /// <summary>Median.</summary>
    public required double MedianTargetRank { get; init; }

    /// <summary>Quartiles.</summary>
    public required Quartiles TargetRank { get; init; }

    /// <summary>Quartiles.</summary>
    public required Quartiles FinalRank { get; init; }

    /// <summary>Quartiles.</summary>
    public required Quartiles CurrentRank { get; init; }

    /// <summary>Mean.</summary>
    public required Estimate Entropy { get; init; }
}
