using System.Collections.Immutable;
using Keyhole.Statistics;

namespace Keyhole.Values;

/// <summary>Agreement of values with triggers by layer, by confidence, and of the most confident values (method, section 3; figures 4 to 6).</summary>
public sealed class AgreementSummary
{
    private const int Bins = 10;
    private const int MostConfident = 100;
    private const int Pairings = 200;

    private AgreementSummary(ImmutableArray<LayerAgreement> layers, ImmutableArray<ConfidenceBin> byConfidence, ImmutableArray<ConfidentValue> confident)
    {
        Layers = layers;
        ByConfidence = byConfidence;
        Confident = confident;
    }

    /// <summary>Layers that have values, in order.</summary>
    public ImmutableArray<LayerAgreement> Layers { get; }

    /// <summary>Ten bins of equally many values by max probability, least confident first; fewer where there are fewer values.</summary>
    public ImmutableArray<ConfidenceBin> ByConfidence { get; }

    /// <summary>The 100 values of largest max probability, largest first, ties in the order of memories.</summary>
    public ImmutableArray<ConfidentValue> Confident { get; }

    /// <summary>How many of the most confident values have a hit.</summary>
    public Share ConfidentHits => new(Confident.Count(value => value.Hit), Confident.Length);

    /// <summary>How many of the most confident values lie in the upper half of the layers.</summary>
    /// <param name="layers">Layers of the model.</param>
    public Share ConfidentInUpperHalf(int layers) => new(Confident.Count(value => value.Id.Layer >= layers / 2), Confident.Length);

    /// <summary>Summarises values.</summary>
    /// <param name="values">Values in the study's order.</param>
    /// <param name="vocabulary">V.</param>
    /// <param name="seed">Seed of the random pairings.</param>
    public static AgreementSummary Of(IReadOnlyList<ValueRecord> values, int vocabulary, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(vocabulary);
        return new AgreementSummary(
            [.. values.GroupBy(value => value.Id.Layer).OrderBy(layer => layer.Key).Select(layer => Layer(layer.Key, [.. layer], vocabulary, seed))],
            ByConfidenceOf(values),
            [.. values.OrderByDescending(value => value.MaxProbability).ThenBy(value => value.Id).Take(MostConfident)
                .Select(value => new ConfidentValue(value.Id, value.MaxProbability, value.Positive.PrecisionHits > 0))]);
    }

    private static LayerAgreement Layer(int layer, ValueRecord[] values, int vocabulary, ulong seed)
    {
        ValueEntry[] entries = [.. values.SelectMany(ValueEntry.Of).Where(entry => entry.Reading.Target >= 0)];
        double[] targetRanks = [.. entries.Select(entry => entry.Reading.TargetRank)];
        double[] currentRanks = [.. entries.Select(entry => entry.Reading.CurrentRank)];
        return new LayerAgreement(layer, values.Length,
            ShareOf(entries, entry => entry.Reading.Agrees), ShareOf(entries, entry => entry.Reading.AgreesWithCurrent), ShareOf(entries, entry => entry.Reading.AgreesWithModel),
            Shuffled(entries, seed, (ulong)layer), 1.0 / vocabulary, Quartiles.Of(targetRanks), Quartiles.Of(currentRanks));
    }

    private static Share ShareOf(ValueEntry[] entries, Func<ValueEntry, bool?> agrees)
        => new(entries.Count(entry => agrees(entry) == true), entries.Count(entry => agrees(entry) is not null));

    // The mean over all pairings is exact: a value meets each target once in n. Its spread is sampled.
    private static Estimate Shuffled(ValueEntry[] entries, ulong seed, ulong layer)
    {
        if (entries.Length == 0)
        {
            return Estimate.None;
        }

        double n = entries.Length;
        Dictionary<int, int> targets = entries.CountBy(entry => entry.Reading.Target).ToDictionary();
        double mean = entries.Sum(entry => targets.GetValueOrDefault(entry.Top)) / (n * n);
        var rates = new double[Pairings];
        for (int pairing = 0; pairing < Pairings; pairing++)
        {
            int[] partner = ShuffledPairs.Permutation(entries.Length, seed, (layer * Pairings) + (ulong)pairing);
            int hits = 0;
            for (int i = 0; i < entries.Length; i++)
            {
                hits += entries[i].Top == entries[partner[i]].Reading.Target ? 1 : 0;
            }

            rates[pairing] = hits / n;
        }

        Array.Sort(rates);
        return new Estimate(mean, new Interval(Quantile.OfSorted(rates, 0.025), Quantile.OfSorted(rates, 0.975)), Pairings);
    }

    private static ImmutableArray<ConfidenceBin> ByConfidenceOf(IReadOnlyList<ValueRecord> values)
    {
        (double Confidence, bool Agrees)[] entries = [.. values.SelectMany(value => ValueEntry.Of(value)
            .Where(entry => entry.Reading.Agrees is not null).Select(entry => (value.MaxProbability, entry.Reading.Agrees!.Value))).OrderBy(entry => entry.MaxProbability)];
        var bins = ImmutableArray.CreateBuilder<ConfidenceBin>();
        for (int bin = 0; bin < Bins; bin++)
        {
            int first = (int)((long)entries.Length * bin / Bins);
            int end = (int)((long)entries.Length * (bin + 1) / Bins);
            if (end > first)
            {
                bins.Add(new ConfidenceBin(entries[first].Confidence, entries[end - 1].Confidence, new Share(entries[first..end].Count(entry => entry.Agrees), end - first)));
            }
        }

        return bins.ToImmutable();
    }
}
