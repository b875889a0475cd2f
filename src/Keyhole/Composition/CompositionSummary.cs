using Keyhole.Statistics;

namespace Keyhole.Composition;

/// <summary>Section 5.</summary>
public sealed class CompositionSummary
{
    /// <summary>By layer.</summary>
    public required IReadOnlyList<LayerComposition> Layers { get; init; }

    /// <summary>Sums up.</summary>
    public static CompositionSummary Of(IReadOnlyList<PrefixTrace> prefixes, ulong seed)
    {
        _ = seed;
        return new CompositionSummary
        {
            Layers = [.. Enumerable.Range(0, prefixes.Count == 0 ? 0 : prefixes[0].Layers.Length).Select(layer =>
            {
                double[] Of(Func<PrefixLayer, double> read) => [.. prefixes.Select(prefix => read(prefix.Layers[layer]))];
                Estimate Mean(Func<PrefixLayer, double> read) => new(Of(read).Average(), new Interval(double.NaN, double.NaN), prefixes.Count);
                Share Share(Func<PrefixTrace, bool> hit) => new(prefixes.Count(hit), prefixes.Count);
                Breakdown breakdown = new(
                    prefixes.Count(prefix => prefix.Layers[layer] is var l && l.TopO == l.TopR && l.TopO != l.TopY),
                    prefixes.Count(prefix => prefix.Layers[layer] is var l && l.TopO != l.TopR && l.TopO == l.TopY),
                    prefixes.Count(prefix => prefix.Layers[layer] is var l && l.TopO == l.TopR && l.TopO == l.TopY),
                    prefixes.Count(prefix => prefix.Layers[layer] is var l && l.TopO != l.TopR && l.TopO != l.TopY && l.TopR != l.TopY),
                    prefixes.Count(prefix => prefix.Layers[layer] is var l && l.TopO != l.TopR && l.TopO != l.TopY && l.TopR == l.TopY));
                return new LayerComposition
                {
                    Layer = layer,
                    ActiveShare = Mean(l => l.ActiveShare),
                    ActiveQuartiles = Quartiles.Of(Of(l => l.ActiveShare)),
                    PositiveShare = Mean(l => l.PositiveShare),
                    ZeroAgreement = Share(prefix => prefix.Layers[layer].ZeroAgreement),
                    ZeroAgreementOverAll = Share(prefix => prefix.Layers[layer].ZeroAgreementOverAll),
                    StopWordTop = default,
                    StopWordTarget = default,
                    ShortPrefix = default,
                    FinalInResidual = Share(prefix => prefix.Layers[layer].TopR == prefix.Final),
                    FinalProbability = Mean(l => l.R.FinalProbability),
                    FinalProbabilityQuartiles = Quartiles.Of(Of(l => l.R.FinalProbability)),
                    Breakdown = breakdown,
                    LinearBreakdown = breakdown,
                    MedianTargetRank = Quartiles.Of(Of(l => l.R.TargetRank)).Median,
                    TargetRank = Quartiles.Of(Of(l => l.R.TargetRank)),
                    FinalRank = Quartiles.Of(Of(l => l.R.FinalRank)),
                    CurrentRank = Quartiles.Of(Of(l => l.R.CurrentRank)),
                    Entropy = Mean(l => l.R.Entropy),
                };
            })],
        };
    }
}
