using Keyhole.Statistics;

namespace Keyhole.Composition;

/// <summary>What a layer does, over all prefixes (method, section 4).</summary>
public sealed record LayerComposition
{
    /// <summary>The layer, from 0.</summary>
    public required int Layer { get; init; }

    /// <summary>Mean share of active memories (figure 7).</summary>
    public required Estimate ActiveShare { get; init; }

    /// <summary>Its quartiles.</summary>
    public required Quartiles ActiveQuartiles { get; init; }

    /// <summary>Mean share of memories with m &gt; 0.</summary>
    public required Estimate PositiveShare { get; init; }

    /// <summary>Prefixes where no active memory has top(v_i) = top(y) (figure 8).</summary>
    public required Share ZeroAgreement { get; init; }

    /// <summary>Prefixes where no memory at all has.</summary>
    public required Share ZeroAgreementOverAll { get; init; }

    /// <summary>Prefixes where no active memory has top(m_i v_i) = top(y), where the readout is not linear; null where it is.</summary>
    public Share? ZeroAgreementOfProducts { get; init; }

    /// <summary>Of the prefixes where some active memory agrees: top(y) is a stop word.</summary>
    public required Share StopWordTop { get; init; }

    /// <summary>Of the same that have a target: it is a stop word.</summary>
    public required Share StopWordTarget { get; init; }

    /// <summary>Of the same: the prefix has fewer than 5 tokens, BOS not counted.</summary>
    public required Share ShortPrefix { get; init; }

    /// <summary>Prefixes with top(r) = the final prediction (figure 9).</summary>
    public required Share FinalInResidual { get; init; }

    /// <summary>Mean probability of the final prediction in r (figure 10).</summary>
    public required Estimate FinalProbability { get; init; }

    /// <summary>Its quartiles.</summary>
    public required Quartiles FinalProbabilityQuartiles { get; init; }

    /// <summary>Where top(o) comes from (figure 11), r and o read by the model's own head.</summary>
    public required Breakdown Breakdown { get; init; }

    /// <summary>The same with one linear readout for r, y and o.</summary>
    public required Breakdown LinearBreakdown { get; init; }

    /// <summary>Rank of the target in r.</summary>
    public required Quartiles TargetRank { get; init; }

    /// <summary>Rank of the final prediction in r.</summary>
    public required Quartiles FinalRank { get; init; }

    /// <summary>Rank of the current token in r.</summary>
    public required Quartiles CurrentRank { get; init; }

    /// <summary>Rank in r of another prefix's target.</summary>
    public required Quartiles ShuffledRank { get; init; }

    /// <summary>Mean entropy of r's distribution, in nats.</summary>
    public required Estimate Entropy { get; init; }

    /// <summary>Prefixes whose final prediction is on top of r in this layer and all later ones (surety).</summary>
    public required Share Sure { get; init; }

    /// <summary>Median rank of the target in r.</summary>
    public double MedianTargetRank => TargetRank.Median;
}
