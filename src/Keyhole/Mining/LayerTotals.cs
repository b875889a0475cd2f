using System.Runtime.Intrinsics;
using System.Runtime.InteropServices;
using Keyhole.Memories;
using Keyhole.Mining.Sampling;

namespace Keyhole.Mining;

/// <summary>The totals of one layer over all chunks; what the study keeps is read from here.</summary>
internal sealed unsafe class LayerTotals : IDisposable
{
    private readonly long[] _positive;
    private readonly long[][] _signs;
    private readonly bool _gated;

    /// <param name="layer">Layer, from 0.</param>
    /// <param name="layout">Where its memories stand.</param>
    /// <param name="gated">Whether they have gates.</param>
    /// <param name="rules">What is kept.</param>
    public LayerTotals(int layer, MemoryColumns layout, bool gated, MiningRules rules)
    {
        Accumulator = new LayerAccumulator(layout, gated, rules);
        _gated = gated;
        _positive = new long[layout.Padded];
        _signs = gated ? [new long[layout.Padded], new long[layout.Padded], new long[layout.Padded]] : [];
        if (rules.SampleQuantiles)
        {
            MemoryHashes = new uint[layout.Padded];
            for (int memory = 0; memory < layout.Experts * layout.Size; memory++)
            {
                MemoryHashes[layout.ColumnOf(memory)] = QuantileSample.MemoryHash(rules.Seed, layer, memory);
            }

            Random = new float[RandomPositions.Count * layout.Padded];
            Array.Fill(Random, float.NaN);
        }
    }

    /// <summary>Lists, sums, extremes and histograms of all that was merged.</summary>
    public LayerAccumulator Accumulator { get; }

    /// <summary>Each memory's part of the hash that its sample goes by (<see cref="QuantileSample"/>), by column; empty where none is kept.</summary>
    public uint[] MemoryHashes { get; } = [];

    /// <summary>[random positions, columns] coefficients there, NaN where there is none; empty where they are not kept. Workers write here at once: each cell belongs to one.</summary>
    public float[] Random { get; } = [];

    /// <summary>Coefficients of a memory at the random positions, in their order.</summary>
    /// <param name="column">Its column.</param>
    /// <param name="count">How many positions there are.</param>
    public float[] AtRandom(int column, int count) => [.. Enumerable.Range(0, Random.Length == 0 ? 0 : count).Select(position => Random[(position * Accumulator.Columns) + column])];

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
            for (int expert = 0; expert < part.Candidates.Length; expert++)
            {
                Accumulator.Candidates[expert] += part.Candidates[expert];
                Accumulator.Sampled[expert] += part.Sampled[expert];
            }
        }
    }

    /// <summary>Statistics of one memory.</summary>
    /// <param name="column">Its column.</param>
    public NeuronStatistics Statistics(int column)
    {
        var histogram = new uint[ActivationHistogram.Bins];
        int lane = column % LayerAccumulator.Lanes;
        int expert = Accumulator.Layout.ExpertOf(column);
        int start = LayerAccumulator.HistogramStart(column - lane);
        long counted = 0;
        for (int bin = 0; bin < histogram.Length; bin++)
        {
            histogram[bin] = Accumulator.Histogram[start + (bin * LayerAccumulator.Lanes) + lane];
            counted += bin == ActivationHistogram.ZeroBin ? 0 : histogram[bin];
        }

        histogram[ActivationHistogram.ZeroBin] = checked((uint)(Accumulator.Sampled[expert] - counted));
        long n = Accumulator.Candidates[expert];
        return new NeuronStatistics
        {
            Count = n,
            Sum1 = Accumulator.Sums[0].Sum(column),
            Sum2 = Accumulator.Sums[1].Sum(column),
            Sum3 = Accumulator.Sums[2].Sum(column),
            Sum4 = Accumulator.Sums[3].Sum(column),
            Min = n == 0 ? float.NaN : Accumulator.Min[column] + 0f,   // -0 becomes 0: which of them came first is no property of the corpus
            Max = n == 0 ? float.NaN : Accumulator.Max[column] + 0f,
            SumPositive = Accumulator.Sums.Length > 4 ? Accumulator.Sums[4].Sum(column) : null,
            PositiveCount = _positive[column],
            SignCases = _gated ? new SignCases(_signs[0][column], _signs[1][column], _signs[2][column], n - _signs[0][column] - _signs[1][column] - _signs[2][column]) : null,
            Histogram = ImmutableCollectionsMarshal.AsImmutableArray(histogram),
        };
    }

    /// <summary>Memories whose lists have changed since the last call.</summary>
    public int TakeChanged()
    {
        int changed = 0;
        for (int column = 0; column < Accumulator.Layout.Count; column++)
        {
            changed += Accumulator.Positive.HasChanged(column) || Accumulator.Negative?.HasChanged(column) == true ? 1 : 0;
        }

        Accumulator.Positive.ClearChanged();
        Accumulator.Negative?.ClearChanged();
        return changed;
    }

    /// <summary>Writes everything as it is.</summary>
    public void Save(BinaryWriter writer) => EachPart(lists => lists.Save(writer.BaseStream), sums => sums.Save(writer), bytes => writer.BaseStream.Write(bytes));

    /// <summary>Takes over what <see cref="Save"/> wrote for the same layer.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such totals.</exception>
    /// <exception cref="EndOfStreamException">They end early.</exception>
    public void Restore(BinaryReader reader) => EachPart(lists => lists.Restore(reader.BaseStream), sums => sums.Restore(reader), bytes => reader.BaseStream.ReadExactly(bytes));

    public void Dispose() => Accumulator.Dispose();

    // All that a checkpoint keeps of a layer, in its order there (docs/formats/run.md).
    private void EachPart(Action<TriggerLists> lists, Action<ExactColumns> sums, Action<Span<byte>> bytes)
    {
        TriggerLists[] poles = Accumulator.Negative is { } negative ? [Accumulator.Positive, negative] : [Accumulator.Positive];
        Array.ForEach([.. poles, .. Accumulator.Beyond], lists);
        Array.ForEach(Accumulator.Sums, sums);
        bytes(new Span<byte>(Accumulator.Min, Accumulator.Columns * 2 * sizeof(float)));   // and Max behind it
        bytes(MemoryMarshal.AsBytes(Accumulator.Histogram.AsSpan()));
        bytes(MemoryMarshal.AsBytes(Accumulator.Candidates.AsSpan()));
        bytes(MemoryMarshal.AsBytes(Accumulator.Sampled.AsSpan()));
        bytes(MemoryMarshal.AsBytes(_positive.AsSpan()));
        bytes(MemoryMarshal.AsBytes(Random.AsSpan()));
        foreach (long[] signs in _signs)
        {
            bytes(MemoryMarshal.AsBytes(signs.AsSpan()));
        }
    }

    // Columns [from, to), multiples of 16.
    private void Add(LayerAccumulator part, int from, int to)
    {
        part.Positive.MergeInto(Accumulator.Positive, from, to);
        part.Negative?.MergeInto(Accumulator.Negative!, from, to);
        for (int i = 0; i < part.Beyond.Length; i++)
        {
            part.Beyond[i].MergeInto(Accumulator.Beyond[i], from, to);
        }

        for (int power = 0; power < part.Sums.Length; power++)
        {
            Accumulator.Sums[power].Add(part.Sums[power], from, to);
        }

        for (int column = from; column < to; column++)
        {
            Accumulator.Min[column] = part.Min[column] < Accumulator.Min[column] ? part.Min[column] : Accumulator.Min[column];
            Accumulator.Max[column] = part.Max[column] > Accumulator.Max[column] ? part.Max[column] : Accumulator.Max[column];
            _positive[column] += part.PositiveCounts[column];
            for (int sign = 0; sign < _signs.Length; sign++)
            {
                _signs[sign][column] += part.SignCounts[sign][column];
            }
        }

        for (int i = LayerAccumulator.HistogramStart(from); i < LayerAccumulator.HistogramStart(to); i += Vector512<uint>.Count)
        {
            Vector512<uint> sum = Vector512.LoadUnsafe(ref Accumulator.Histogram[i]) + Vector512.LoadUnsafe(ref part.Histogram[i]);
            sum.StoreUnsafe(ref Accumulator.Histogram[i]);
        }
    }
}
