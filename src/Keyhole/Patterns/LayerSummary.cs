using System.Collections.Immutable;
using Keyhole.Corpora;
using Keyhole.Statistics;

namespace Keyhole.Patterns;

/// <summary>Measures a layer's lists, and those that they are held against.</summary>
internal static class LayerSummary
{
    private const ulong Stream = 0x5041_0007;

    private static readonly ImmutableArray<PatternMeasure> Own =
    [
        PatternMeasure.Shallow, PatternMeasure.Semantic, PatternMeasure.Both, PatternMeasure.Syntactic, PatternMeasure.Covered, PatternMeasure.AnyShallow, PatternMeasure.AnySemantic,
        PatternMeasure.Apparent, PatternMeasure.PerList, PatternMeasure.WithPattern,
    ];

    private static readonly ImmutableArray<PatternMeasure> Above = [PatternMeasure.CoveredAbove, PatternMeasure.ShallowAbove, PatternMeasure.SemanticAbove];

    /// <summary>The sums of lists, one entry a memory.</summary>
    /// <param name="lists">The lists; those of a memory follow each other.</param>
    /// <param name="level">The largest p-value of what is found.</param>
    public static ListSums[] Sums(IEnumerable<ListOutcome> lists, double level)
    {
        List<ListSums> sums = [];
        Memories.NeuronId? last = null;
        foreach (ListOutcome list in lists.Where(list => list.Prefixes > 0))
        {
            ListSums one = ListSums.Of(list, level);
            if (list.List is { } name && name.Id == last)
            {
                sums[^1] += one;
            }
            else
            {
                sums.Add(one);
            }

            last = list.List?.Id;
        }

        return [.. sums];
    }

    /// <summary>The measures of a source.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="source">Its name.</param>
    /// <param name="sums">Its memories or decoys.</param>
    /// <param name="real">The study's memories, which the source is taken from; null where they are the source.</param>
    /// <param name="seed">Which resamples.</param>
    public static LayerPatterns Of(int layer, string source, ListSums[] sums, ListSums[]? real, ulong seed)
    {
        ulong stream = CounterHash.Hash(seed, Stream, (ulong)layer);
        ImmutableSortedDictionary<PatternMeasure, Estimate>.Builder measures = ImmutableSortedDictionary.CreateBuilder<PatternMeasure, Estimate>();
        foreach (PatternMeasure measure in Own)
        {
            measures[measure] = Bootstrap.OverGroups([.. sums.Select(one => Pair(one, measure))], stream, Ratio);
        }

        foreach (PatternMeasure measure in real is null ? [] : Above)
        {
            // A resample draws from the memories and the others together; each keeps its own sums.
            IEnumerable<double[]> ours = real!.Select(one => Pair(one, measure)).Select(pair => (double[])[pair[0], pair[1], 0, 0]);
            IEnumerable<double[]> others = sums.Select(one => Pair(one, measure)).Select(pair => (double[])[0, 0, pair[0], pair[1]]);
            measures[measure] = Bootstrap.OverGroups([.. ours, .. others], stream, sum => Ratio([sum[0], sum[1]]) - Ratio([sum[2], sum[3]]));
        }

        return new LayerPatterns { Layer = layer, Source = source, Lists = sums.Sum(one => (long)one.Lists), Prefixes = sums.Sum(one => (long)one.Prefixes), Measures = measures.ToImmutable() };
    }

    private static double[] Pair(ListSums sums, PatternMeasure measure) => sums.Of(measure) is var (part, whole) ? [part, whole] : [];

    private static double Ratio(double[] sums) => sums[1] == 0 ? double.NaN : sums[0] / sums[1];
}
