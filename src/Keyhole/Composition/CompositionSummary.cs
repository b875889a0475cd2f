using System.Collections.Immutable;
using Keyhole.Statistics;

namespace Keyhole.Composition;

/// <summary>Section 5 in numbers: what each layer does, over all prefixes (method, section 4).</summary>
public sealed record CompositionSummary
{
    /// <summary>A prefix with fewer tokens is short.</summary>
    public const int ShortTokens = 5;

    private const int MostCompositions = 100;

    /// <summary>One entry a layer; shape [L].</summary>
    public required ImmutableArray<LayerComposition> Layers { get; init; }

    /// <summary>Readings of the output.</summary>
    public required OutputComposition Output { get; init; }

    /// <summary>First layer from which the final prediction stays on top of r; L where it comes with the last layer's update.</summary>
    public required Quartiles FirstSureLayer { get; init; }

    /// <summary>Whether the target's rank improves with depth, beyond another prefix's target.</summary>
    public required Refinement Refinement { get; init; }

    /// <summary>The first of the compositions of the last layer, at most 100.</summary>
    public required ImmutableArray<LastLayerComposition> LastLayerCompositions { get; init; }

    /// <summary>Number of prefixes.</summary>
    public required long Prefixes { get; init; }

    /// <summary>Sums up.</summary>
    /// <param name="prefixes">At least one, all of one model.</param>
    /// <param name="stopWords">The list of stop words.</param>
    /// <param name="seed">Of the intervals.</param>
    /// <exception cref="ArgumentException">There is no prefix.</exception>
    public static CompositionSummary Of(IReadOnlyList<PrefixTrace> prefixes, StopWords stopWords, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(prefixes);
        ArgumentNullException.ThrowIfNull(stopWords);
        if (prefixes.Count == 0)
        {
            throw new ArgumentException("There is no prefix to sum up.", nameof(prefixes));
        }

        int layers = prefixes[0].Layers.Length;
        int[] sure = [.. prefixes.Select(FirstSure)];
        return new CompositionSummary
        {
            Prefixes = prefixes.Count,
            Layers = [.. Enumerable.Range(0, layers).Select(layer => Layer(prefixes, layer, sure, stopWords, seed))],
            Output = OutputOf(prefixes, seed),
            FirstSureLayer = Quartiles.Of([.. sure.Select(layer => (double)layer)]),
            Refinement = Refinement.Of(
                Each(prefixes, prefix => prefix.Layers[0].R.TargetRank),
                Each(prefixes, prefix => prefix.Output.TargetRank),
                Each(prefixes, prefix => prefix.Layers[0].R.ShuffledRank),
                Each(prefixes, prefix => prefix.Output.ShuffledRank),
                seed),
            LastLayerCompositions = [.. prefixes
                .Where(prefix => prefix.Layers[^1] is var last && last.TopO != last.TopR && last.TopO != last.TopY && last.TopR != last.TopY)
                .Take(MostCompositions)
                .Select(prefix => new LastLayerComposition(prefix.Unit, prefix.Position, prefix.Text, prefix.Layers[^1].TopR, prefix.Layers[^1].TopY, prefix.Final, prefix.Target))],
        };
    }

    private static LayerComposition Layer(IReadOnlyList<PrefixTrace> prefixes, int layer, int[] sure, StopWords stopWords, ulong seed)
    {
        PrefixLayer[] all = [.. prefixes.Select(prefix => prefix.Layers[layer])];
        PrefixTrace[] agreeing = [.. prefixes.Where(prefix => !prefix.Layers[layer].ZeroAgreement)];
        PrefixTrace[] withTarget = [.. agreeing.Where(prefix => prefix.Target >= 0)];
        double[] active = Each(all, read => read.ActiveShare);
        double[] final = Each(all, read => read.R.FinalProbability);
        Share Of<T>(IReadOnlyCollection<T> items, Func<T, bool> property) => new(items.Count(property), items.Count);
        return new LayerComposition
        {
            Layer = layer,
            ActiveShare = Bootstrap.Mean(active, seed),
            ActiveQuartiles = Quartiles.Of(active),
            PositiveShare = Bootstrap.Mean(Each(all, read => read.PositiveShare), seed),
            ZeroAgreement = Of(all, read => read.ZeroAgreement),
            ZeroAgreementOverAll = Of(all, read => read.ZeroAgreementOverAll),
            ZeroAgreementOfProducts = all[0].ZeroAgreementOfProducts is null ? null : Of(all, read => read.ZeroAgreementOfProducts == true),
            StopWordTop = Of(agreeing, prefix => stopWords.Contains(prefix.Layers[layer].TopY)),
            StopWordTarget = Of(withTarget, prefix => stopWords.Contains(prefix.Target)),
            ShortPrefix = Of(agreeing, prefix => prefix.Tokens < ShortTokens),
            FinalInResidual = Of(prefixes, prefix => prefix.Layers[layer].TopR == prefix.Final),
            FinalProbability = Bootstrap.Mean(final, seed),
            FinalProbabilityQuartiles = Quartiles.Of(final),
            Breakdown = all.Aggregate(default(Breakdown), (sum, read) => sum.With(read.TopR, read.TopY, read.TopO)),
            LinearBreakdown = all.Aggregate(default(Breakdown), (sum, read) => sum.With(read.LinearTopR, read.TopY, read.LinearTopO)),
            TargetRank = Quartiles.Of(Each(all, read => read.R.TargetRank)),
            FinalRank = Quartiles.Of(Each(all, read => read.R.FinalRank)),
            CurrentRank = Quartiles.Of(Each(all, read => read.R.CurrentRank)),
            ShuffledRank = Quartiles.Of(Each(all, read => read.R.ShuffledRank)),
            Entropy = Bootstrap.Mean(Each(all, read => read.R.Entropy), seed),
            Sure = new Share(sure.LongCount(first => first <= layer), sure.Length),
        };
    }

    private static OutputComposition OutputOf(IReadOnlyList<PrefixTrace> prefixes, ulong seed)
    {
        StateReading[] all = [.. prefixes.Select(prefix => prefix.Output)];
        double[] final = Each(all, read => read.FinalProbability);
        return new OutputComposition
        {
            FinalIsTarget = new Share(prefixes.LongCount(prefix => prefix.Target == prefix.Final), prefixes.LongCount(prefix => prefix.Target >= 0)),
            TargetRank = Quartiles.Of(Each(all, read => read.TargetRank)),
            TargetProbability = Bootstrap.Mean(Each(all, read => read.TargetProbability), seed),
            FinalRank = Quartiles.Of(Each(all, read => read.FinalRank)),
            FinalProbability = Bootstrap.Mean(final, seed),
            FinalProbabilityQuartiles = Quartiles.Of(final),
            CurrentRank = Quartiles.Of(Each(all, read => read.CurrentRank)),
            ShuffledRank = Quartiles.Of(Each(all, read => read.ShuffledRank)),
            Entropy = Bootstrap.Mean(Each(all, read => read.Entropy), seed),
        };
    }

    // First layer from which on every r has the final prediction on top.
    private static int FirstSure(PrefixTrace prefix)
    {
        int first = prefix.Layers.Length;
        while (first > 0 && prefix.Layers[first - 1].TopR == prefix.Final)
        {
            first--;
        }

        return first;
    }

    private static double[] Each<T>(IReadOnlyList<T> items, Func<T, double> value) => [.. items.Select(value)];
}
