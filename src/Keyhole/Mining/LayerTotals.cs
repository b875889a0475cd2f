using System.Runtime.Intrinsics;
using System.Runtime.InteropServices;
using Keyhole.Memories;

namespace Keyhole.Mining;

/// <summary>The totals of one layer over all chunks; what the study keeps is read from here.</summary>
internal sealed unsafe class LayerTotals : IDisposable
{
    private readonly long[] _positive;
    private readonly long[][] _signs;
    private readonly bool _gated;

    public LayerTotals(int memories, bool gated, MiningRules rules)
    {
        Accumulator = new LayerAccumulator(memories, gated, rules);
        _gated = gated;
        _positive = new long[memories];
        _signs = gated ? [new long[memories], new long[memories], new long[memories]] : [];
    }

    /// <summary>Lists, sums, extremes and histograms of all that was merged.</summary>
    public LayerAccumulator Accumulator { get; }

    /// <summary>Adds what workers gathered; memories are shared out to as many threads.</summary>
    public void Add(IReadOnlyList<LayerAccumulator> parts)
    {
        const int Range = 64;
        int ranges = (Accumulator.Columns + Range - 1) / Range;
        Parallel.For(0, ranges, new ParallelOptions { MaxDegreeOfParallelism = parts.Count }, range =>
        {
            foreach (LayerAccumulator part in parts)
            {
                Add(part, range * Range, Math.Min(Accumulator.Columns, (range + 1) * Range));
            }
        });
        foreach (LayerAccumulator part in parts)
        {
            Accumulator.Candidates += part.Candidates;
            Accumulator.Sampled += part.Sampled;
        }
    }

    /// <summary>Statistics of one memory.</summary>
    public NeuronStatistics Statistics(int memory)
    {
        var histogram = new uint[ActivationHistogram.Bins];
        int lane = memory % LayerAccumulator.Lanes;
        int start = LayerAccumulator.HistogramStart(memory - lane);
        long counted = 0;
        for (int bin = 0; bin < histogram.Length; bin++)
        {
            histogram[bin] = Accumulator.Histogram[start + (bin * LayerAccumulator.Lanes) + lane];
            counted += bin == ActivationHistogram.ZeroBin ? 0 : histogram[bin];
        }

        histogram[ActivationHistogram.ZeroBin] = checked((uint)(Accumulator.Sampled - counted));
        long n = Accumulator.Candidates;
        return new NeuronStatistics
        {
            Count = n,
            Sum1 = Accumulator.Sums[0].Sum(memory),
            Sum2 = Accumulator.Sums[1].Sum(memory),
            Sum3 = Accumulator.Sums[2].Sum(memory),
            Sum4 = Accumulator.Sums[3].Sum(memory),
            Min = n == 0 ? float.NaN : Accumulator.Min[memory] + 0f,   // -0 becomes 0: which of them came first is no property of the corpus
            Max = n == 0 ? float.NaN : Accumulator.Max[memory] + 0f,
            PositiveCount = _positive[memory],
            SignCases = _gated ? new SignCases(_signs[0][memory], _signs[1][memory], _signs[2][memory], n - _signs[0][memory] - _signs[1][memory] - _signs[2][memory]) : null,
            Histogram = ImmutableCollectionsMarshal.AsImmutableArray(histogram),
        };
    }

    public void Dispose() => Accumulator.Dispose();

    // Columns [from, to), multiples of 16.
    private void Add(LayerAccumulator part, int from, int to)
    {
        part.Positive.MergeInto(Accumulator.Positive, from, to);
        part.Negative?.MergeInto(Accumulator.Negative!, from, to);
        for (int power = 0; power < part.Sums.Length; power++)
        {
            Accumulator.Sums[power].Add(part.Sums[power], from, to);
        }

        for (int column = from; column < to; column++)
        {
            Accumulator.Min[column] = part.Min[column] < Accumulator.Min[column] ? part.Min[column] : Accumulator.Min[column];
            Accumulator.Max[column] = part.Max[column] > Accumulator.Max[column] ? part.Max[column] : Accumulator.Max[column];
        }

        for (int memory = from; memory < Math.Min(to, part.Memories); memory++)
        {
            _positive[memory] += part.PositiveCounts[memory];
            for (int sign = 0; sign < _signs.Length; sign++)
            {
                _signs[sign][memory] += part.SignCounts[sign][memory];
            }
        }

        for (int i = LayerAccumulator.HistogramStart(from); i < LayerAccumulator.HistogramStart(to); i += Vector512<uint>.Count)
        {
            Vector512<uint> sum = Vector512.LoadUnsafe(ref Accumulator.Histogram[i]) + Vector512.LoadUnsafe(ref part.Histogram[i]);
            sum.StoreUnsafe(ref Accumulator.Histogram[i]);
        }
    }
}
