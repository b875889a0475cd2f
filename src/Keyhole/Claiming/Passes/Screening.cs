using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Memories;
using Keyhole.Mining;

namespace Keyhole.Claiming.Passes;

/// <summary>
/// Counts the coefficients of all memories of some layers in the bins of <see cref="ActivationHistogram"/>: at all positions, and at those where a predicate holds. Each worker gathers a
/// layer by itself; parts are added when the layer is done.
/// </summary>
internal sealed unsafe class Screening
{
    private const int Lanes = LayerAccumulator.Lanes;

    private readonly ModelSpec _spec;
    private readonly PositionTable _table;
    private readonly ScreenSlot[] _slots;
    private readonly bool?[] _inverted;      // of each slot: whether positions where the predicate does not hold are counted, as they are fewer
    private readonly uint[]?[][] _totals;    // [L][slots]: layout of LayerAccumulator.Histogram
    private readonly WorkerPart[] _workers;
    private readonly Dictionary<int, long> _targets = [];
    private ClaimChunk? _chunk;

    /// <param name="spec">The model.</param>
    /// <param name="layers">Layers to screen.</param>
    /// <param name="table">The positions; those of a chunk stand in it before the chunk is run.</param>
    /// <param name="slots">What is counted; the first slot stands for all positions.</param>
    /// <param name="threads">Workers of the pass.</param>
    public Screening(ModelSpec spec, IReadOnlyCollection<int> layers, PositionTable table, ScreenSlot[] slots, int threads)
    {
        (_spec, _table, _slots) = (spec, table, slots);
        _inverted = new bool?[slots.Length];
        _totals = [.. Enumerable.Range(0, spec.LayerCount).Select(_ => new uint[]?[slots.Length])];
        int widest = 0;
        foreach (int layer in layers)
        {
            int counters = LayerAccumulator.HistogramStart(MemoryColumns.Of(spec.Blocks[layer].FeedForward).Padded);
            widest = Math.Max(widest, counters);
            for (int slot = 0; slot < slots.Length; slot++)
            {
                _totals[layer][slot] = new uint[counters];
            }
        }

        _workers = [.. Enumerable.Range(0, threads).Select(_ => new WorkerPart(slots.Length, widest))];
        Last = layers.Max();
    }

    /// <summary>The last layer that is screened.</summary>
    public int Last { get; }

    /// <summary>Positions that were counted.</summary>
    public long Positions { get; private set; }

    /// <summary>Whether a layer is screened.</summary>
    public bool Wants(int layer) => _totals[layer][0] is not null;

    /// <summary>Names the chunk that is run next.</summary>
    public void Begin(ClaimChunk chunk)
    {
        _chunk = chunk;
        Positions += chunk.Count;
        for (int slot = 1; slot < _slots.Length; slot++)
        {
            if (_slots[slot].Values is null)
            {
                _inverted[slot] ??= Enumerable.Range(chunk.First, chunk.Count).Count(index => _table.Holds(_slots[slot].Claim, index)) > chunk.Count / 2;
            }
        }

        if (_slots.Any(slot => slot.Values is not null))
        {
            for (int index = chunk.First; index < chunk.First + chunk.Count; index++)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(_targets, _table.Target(index), out _)++;
            }
        }

        foreach (WorkerPart worker in _workers)
        {
            worker.FirstRow = -1;
        }
    }

    /// <summary>Counts a tile.</summary>
    public void Count(in MemoryTile tile)
    {
        WorkerPart worker = _workers[tile.Worker];
        if (worker.FirstRow != tile.FirstRow || worker.Expert != tile.Expert)
        {
            Divide(worker, tile);
        }

        worker.Layer = tile.Layer;
        int first = MemoryColumns.Of(_spec.Blocks[tile.Layer].FeedForward).ColumnOf(tile.FirstMemory);
        for (int slot = 0; slot < _slots.Length; slot++)
        {
            if (_slots[slot].Values is { } values)
            {
                CountTargets(tile, worker, values, first, worker.Counts[slot]);
                continue;
            }

            ReadOnlySpan<int> rows = CollectionsMarshal.AsSpan(worker.Rows[slot]);
            fixed (uint* counts = worker.Counts[slot])
            {
                for (int column = 0; column < tile.Post.Columns && rows.Length > 0; column += Lanes)
                {
                    CoefficientScan.Histogram(tile.Post.Start + column, tile.Post.Stride, rows, counts + LayerAccumulator.HistogramStart(first + column));
                }
            }
        }
    }

    /// <summary>Adds up what the workers counted in a layer.</summary>
    public void LayerDone(int layer)
    {
        const int Range = 1 << 16;
        foreach (WorkerPart worker in _workers.Where(worker => worker.Layer == layer))
        {
            for (int slot = 0; slot < _slots.Length; slot++)
            {
                uint[] total = _totals[layer][slot]!;
                uint[] part = worker.Counts[slot];
                Parallel.For(0, (total.Length + Range - 1) / Range, new ParallelOptions { MaxDegreeOfParallelism = _workers.Length }, range =>
                {
                    int end = Math.Min(total.Length, (range + 1) * Range);
                    for (int i = range * Range; i < end; i += Vector512<uint>.Count)
                    {
                        (Vector512.LoadUnsafe(ref total[i]) + Vector512.LoadUnsafe(ref part[i])).StoreUnsafe(ref total[i]);
                    }

                    part.AsSpan(range * Range, end - (range * Range)).Clear();
                });
            }

            worker.Layer = -1;
        }

        foreach (WorkerPart worker in _workers)
        {
            worker.FirstRow = -1;
        }
    }

    /// <summary>Counts by bin of a memory at the positions of a slot, from the smallest m on. Where the router did not choose the memory's expert m is 0.</summary>
    /// <param name="id">The memory, of a layer that is screened.</param>
    /// <param name="slot">The slot.</param>
    /// <param name="values">Values, where the slot asks for them.</param>
    public long[] Counts(NeuronId id, int slot, ValueEndTokens? values)
    {
        if (slot > 0 && _inverted[slot] == true)
        {
            return Less(Counts(id, 0, null), Bins(id, slot, Positions - _table.Holding(_slots[slot].Claim)));
        }

        return Bins(id, slot, slot == 0 ? Positions
            : _slots[slot].Values is null ? _table.Holding(_slots[slot].Claim)
            : values!.Of(id, _slots[slot].Pole, _slots[slot].Top).Sum(token => _targets.GetValueOrDefault(token)));
    }

    /// <summary>What is left of counts without others.</summary>
    public static long[] Less(long[] counts, long[] others)
    {
        long[] left = new long[counts.Length];
        for (int bin = 0; bin < left.Length; bin++)
        {
            left[bin] = counts[bin] - others[bin];
        }

        return left;
    }

    private long[] Bins(NeuronId id, int slot, long total)
    {
        FeedForwardSpec layer = _spec.Blocks[id.Layer].FeedForward;
        int column = MemoryColumns.Of(layer).ColumnOf(layer.NumberOf(id));
        int lane = column % Lanes;
        int start = LayerAccumulator.HistogramStart(column - lane) + lane;
        long[] bins = new long[ActivationHistogram.Bins];
        long counted = 0;
        for (int bin = 0; bin < bins.Length; bin++)
        {
            bins[bin] = _totals[id.Layer][slot]![start + (bin * Lanes)];
            counted += bin == ActivationHistogram.ZeroBin ? 0 : bins[bin];
        }

        bins[ActivationHistogram.ZeroBin] = total - counted;   // most zeros are passed over when rows are counted
        return bins;
    }

    // Which rows of the tile each slot counts.
    private void Divide(WorkerPart worker, in MemoryTile tile)
    {
        (worker.FirstRow, worker.Expert) = (tile.FirstRow, tile.Expert);
        foreach (List<int> rows in worker.Rows)
        {
            rows.Clear();
        }

        ReadOnlySpan<int> positions = _chunk!.Positions.Span[tile.FirstRow..];
        for (int row = 0; row < tile.Post.Rows; row++)
        {
            int position = positions[tile.PlaceOf(row)];
            if (position < 0)
            {
                continue;
            }

            worker.Rows[0].Add(row);
            for (int slot = 1; slot < _slots.Length; slot++)
            {
                if (_inverted[slot] is { } inverted && _table.Holds(_slots[slot].Claim, _chunk.First + position) != inverted)
                {
                    worker.Rows[slot].Add(row);
                }
            }
        }
    }

    // Positions whose target is among the top tokens of the memory's own value.
    private void CountTargets(in MemoryTile tile, WorkerPart worker, ValueTopSlots values, int first, uint[] counts)
    {
        ReadOnlySpan<int> positions = _chunk!.Positions.Span[tile.FirstRow..];
        foreach (int row in worker.Rows[0])
        {
            int target = _table.Target(_chunk.First + positions[tile.PlaceOf(row)]);
            ReadOnlySpan<int> memories = values.Of(tile.Layer, target);
            int from = memories.BinarySearch(tile.FirstMemory);
            ReadOnlySpan<float> coefficients = tile.Post.Row(row);
            for (int i = from < 0 ? ~from : from; i < memories.Length && memories[i] < tile.FirstMemory + coefficients.Length; i++)
            {
                int column = first + memories[i] - tile.FirstMemory;
                int lane = column % Lanes;
                counts[LayerAccumulator.HistogramStart(column - lane) + (ActivationHistogram.BinOf(coefficients[memories[i] - tile.FirstMemory]) * Lanes) + lane]++;
            }
        }
    }

    // What a worker has counted in the running layer, and which rows of its tile it counts for each slot.
    private sealed class WorkerPart(int slots, int counters)
    {
        public uint[][] Counts { get; } = [.. Enumerable.Range(0, slots).Select(_ => new uint[counters])];

        public List<int>[] Rows { get; } = [.. Enumerable.Range(0, slots).Select(_ => new List<int>())];

        public int Layer { get; set; } = -1;

        public int FirstRow { get; set; } = -1;

        public int Expert { get; set; }
    }
}
