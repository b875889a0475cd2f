using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Keyhole.Corpora;
using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;
using Keyhole.Memories;

namespace Keyhole.Mining;

/// <summary>Mines coefficients as the forward pass shows them: per-text maxima into the lists, power sums, extremes and histograms into the totals.</summary>
/// <remarks>
/// Each worker gathers a layer's tiles by itself; the parts are merged when the layer is done. All merges are exact, so the result does not depend on
/// which worker met which text.
/// </remarks>
internal sealed unsafe class MiningObserver : IForwardObserver, IDisposable
{
    private const int Lanes = LayerAccumulator.Lanes;
    private const int NoPosition = -1;

    private readonly ModelSpec _spec;
    private readonly MiningRules _rules;
    private readonly LayerTotals?[] _totals;
    private readonly WorkerState[] _workers;
    private readonly ulong _sampleBelow;
    private readonly bool _samplesAll;
    private MiningChunk? _chunk;
    private Action<int>? _layerDone;

    /// <param name="spec">The model.</param>
    /// <param name="layers">Layers to mine.</param>
    /// <param name="rules">What competes.</param>
    /// <param name="threads">Workers of the pass.</param>
    /// <param name="candidates">N, the candidate positions of the whole corpus, which decides the histogram's sample.</param>
    public MiningObserver(ModelSpec spec, IReadOnlyCollection<int> layers, MiningRules rules, int threads, long candidates)
    {
        _spec = spec;
        _rules = rules;
        _totals = new LayerTotals?[spec.LayerCount];
        foreach (int layer in layers)
        {
            FeedForwardSpec feedForward = spec.Blocks[layer].FeedForward;
            _totals[layer] = new LayerTotals(feedForward.MemoryCount, feedForward.IsGated, rules);
        }

        _workers = [.. Enumerable.Range(0, threads).Select(_ => new WorkerState())];
        (_samplesAll, _sampleBelow) = HistogramSample.Bound(candidates);
    }

    /// <summary>Totals of a mined layer.</summary>
    public LayerTotals Totals(int layer) => _totals[layer]!;

    /// <summary>Names the batch that is run next.</summary>
    /// <param name="chunk">The batch.</param>
    /// <param name="layerDone">Called after each layer.</param>
    public void Begin(MiningChunk chunk, Action<int> layerDone)
    {
        _chunk = chunk;
        _layerDone = layerDone;
        foreach (WorkerState worker in _workers)
        {
            worker.SegmentsRow = -1;
        }
    }

    public SiteSet Sites(int layer) => layer < _totals.Length && _totals[layer] is not null
        ? _rules.RankBy == RankBy.Pre ? SiteSet.Of(Site.MlpPost, Site.MlpPre) : SiteSet.Of(Site.MlpPost)
        : SiteSet.None;

    public void Observe(Site site, int layer, int firstRow, MatrixView values)
    {
        // Only coefficients are asked for.
    }

    public void ObserveMemories(in MemoryTile tile)
    {
        WorkerState worker = _workers[tile.Worker];
        LayerAccumulator accumulator = Accumulator(worker, tile.Layer);
        MiningChunk chunk = _chunk!;
        if (worker.SegmentsRow != tile.FirstRow)
        {
            Divide(worker, chunk, tile.FirstRow, tile.Post.Rows);
        }

        if (tile.FirstMemory == 0)
        {
            foreach (TileSegment segment in worker.Segments)
            {
                accumulator.Candidates += segment.Rows;
            }

            accumulator.Sampled += worker.SampledRows.Count;
        }

        fixed (int* positive = accumulator.PositiveCounts)
        fixed (uint* histogram = accumulator.Histogram)
        {
            for (int column = 0; column < tile.Post.Columns; column += Lanes)
            {
                int memory = tile.FirstMemory + column;
                foreach (TileSegment segment in worker.Segments)
                {
                    Scan(tile, segment, column, worker, positive + memory);
                }

                CoefficientScan.Histogram(tile.Post.Start + column, tile.Post.Stride, CollectionsMarshal.AsSpan(worker.SampledRows), histogram + LayerAccumulator.HistogramStart(memory));
            }
        }
    }

    public void LayerDone(int layer)
    {
        WorkerState[] gathered = [.. _workers.Where(worker => worker.Layer == layer)];
        if (gathered.Length > 0)
        {
            _totals[layer]!.Add([.. gathered.Select(worker => worker.Accumulator!)]);
        }

        foreach (WorkerState worker in gathered)
        {
            worker.Accumulator!.Clear();
            worker.Layer = -1;
        }

        foreach (WorkerState worker in _workers)
        {
            worker.SegmentsRow = -1;
        }

        _layerDone?.Invoke(layer);
    }

    public void Dispose()
    {
        foreach (LayerTotals? totals in _totals)
        {
            totals?.Dispose();
        }

        foreach (WorkerState worker in _workers)
        {
            worker.Dispose();
        }
    }

    private LayerAccumulator Accumulator(WorkerState worker, int layer)
    {
        if (worker.Layer == layer)
        {
            return worker.Accumulator!;
        }

        FeedForwardSpec feedForward = _spec.Blocks[layer].FeedForward;
        bool gated = feedForward.IsGated;
        if (worker.Accumulator is not { } accumulator || accumulator.Memories != feedForward.MemoryCount || accumulator.IsGated != gated)
        {
            worker.Accumulator?.Dispose();
            accumulator = worker.Accumulator = new LayerAccumulator(feedForward.MemoryCount, gated, _rules);
            worker.Reserve(accumulator.Columns);
        }

        accumulator.Prepare(_totals[layer]!);
        worker.Layer = layer;
        return accumulator;
    }

    // The candidate positions of every text in rows firstRow .. firstRow + rows - 1 of the batch, and which of them the histograms sample.
    private void Divide(WorkerState worker, MiningChunk chunk, int firstRow, int rows)
    {
        worker.SegmentsRow = firstRow;
        worker.Segments.Clear();
        worker.SampledRows.Clear();
        TokenBatch batch = chunk.Batch;
        for (int text = batch.TextOf(firstRow); text < batch.TextCount && batch.Start(text) < firstRow + rows; text++)
        {
            int start = batch.Start(text);
            (int first, int end) = _rules.Candidates(batch.Length(text), chunk.StartsWithBos[text]);
            int from = Math.Max(first, firstRow - start);
            int to = Math.Min(end, firstRow + rows - start);
            if (from >= to)
            {
                continue;
            }

            worker.Segments.Add(new TileSegment(text, start + from - firstRow, to - from, from, from == first, to == end));
            for (int position = from; position < to; position++)
            {
                if (_samplesAll || CounterHash.Hash(_rules.Seed, (ulong)chunk.Units[text], (ulong)position) < _sampleBelow)
                {
                    worker.SampledRows.Add(start + position - firstRow);
                }
            }
        }
    }

    private void Scan(in MemoryTile tile, in TileSegment segment, int column, WorkerState worker, int* positive)
    {
        LayerAccumulator accumulator = worker.Accumulator!;
        int memory = tile.FirstMemory + column;
        int valid = Math.Min(Lanes, tile.Post.Columns - column);
        WorkerState.UnitState state = worker.Block(segment.Begins && segment.Ends ? 0 : 1 + (memory / Lanes));
        if (segment.Begins)
        {
            state.Begin();
        }

        long offset = ((long)segment.FirstRow * tile.Post.Stride) + column;
        float* post = tile.Post.Start + offset;
        CoefficientScan.Moments(post, tile.Post.Stride, segment.Rows, segment.FirstPosition, state.Sums, accumulator.Min + memory, state.Best(0), state.Where(0), positive);
        CoefficientScan.Raise(state.Best(0), accumulator.Max + memory);
        if (accumulator.IsGated)
        {
            fixed (int* both = accumulator.SignCounts[0], gateOnly = accumulator.SignCounts[1], linearOnly = accumulator.SignCounts[2])
            {
                CoefficientScan.Signs(tile.Pre.Start + offset, tile.Linear.Start + offset, tile.Pre.Stride, segment.Rows, both + memory, gateOnly + memory, linearOnly + memory);
            }
        }

        bool byPre = _rules.RankBy == RankBy.Pre;
        float* ranked = byPre ? tile.Pre.Start + offset : post;
        for (int pole = 0; pole < (accumulator.Negative is null ? 1 : 2); pole++)
        {
            if (_rules.PerPrefix)
            {
                OfferEveryRow(tile, segment, column, pole, ranked, worker);
                continue;
            }

            int slot = byPre ? 1 : pole;   // slot 0 has the largest coefficients already; a list by pre-activation has no other pole
            if (slot == 1)
            {
                CoefficientScan.Largest(ranked, tile.Post.Stride, segment.Rows, segment.FirstPosition, pole == 1, state.Best(slot), state.Where(slot));
            }

            if (segment.Ends)
            {
                Offer(tile, segment, column, pole, slot, state, worker);
            }
            else
            {
                KeepBest(tile, segment, column, slot, state);
            }
        }

        if (segment.Ends)
        {
            Commit(tile, segment, accumulator, memory, valid, state.Sums);
        }
    }

    // Power sums of a finished text into the exact totals.
    private static void Commit(in MemoryTile tile, in TileSegment segment, LayerAccumulator accumulator, int memory, int valid, double* sums)
    {
        for (int power = 0; power < 4; power++)
        {
            Vector512<double> a = Vector512.Load(sums + (power * Lanes));
            Vector512<double> b = Vector512.Load(sums + (power * Lanes) + 8);
            if (valid < Lanes)   // columns beyond the layer hold whatever was in the buffer
            {
                a = Vector512.ConditionalSelect(Vector512.LessThan(Vector512<long>.Indices, Vector512.Create((long)valid)).AsDouble(), a, Vector512<double>.Zero);
                b = Vector512.ConditionalSelect(Vector512.LessThan(Vector512<long>.Indices, Vector512.Create(valid - 8L)).AsDouble(), b, Vector512<double>.Zero);
            }

            if (!Vector512.EqualsAll((a - a) + (b - b), Vector512<double>.Zero))   // NaN or infinity
            {
                throw new NotFiniteException(tile.Layer, segment.Text);
            }

            accumulator.Sums[power].Add(memory, a, b);
        }
    }

    private void OfferEveryRow(in MemoryTile tile, in TileSegment segment, int column, int pole, float* ranked, WorkerState worker)
    {
        WorkerState.UnitState row = worker.Block(0);
        for (int r = 0; r < segment.Rows; r++)
        {
            new Span<float>(row.Best(pole), Lanes).Fill(float.NegativeInfinity);
            CoefficientScan.Largest(ranked + ((long)r * tile.Post.Stride), tile.Post.Stride, 1, segment.FirstPosition + r, pole == 1, row.Best(pole), row.Where(pole));
            Offer(tile, segment, column, pole, pole, row, worker);
        }
    }

    private void Offer(in MemoryTile tile, in TileSegment segment, int column, int pole, int slot, WorkerState.UnitState state, WorkerState worker)
    {
        TriggerLists lists = pole == 0 ? worker.Accumulator!.Positive : worker.Accumulator!.Negative!;
        int memory = tile.FirstMemory + column;
        uint reaching;
        fixed (float* thresholds = lists.Thresholds)
        {
            reaching = CoefficientScan.Reaching(state.Best(slot), thresholds + memory) & (uint)((1 << Math.Min(Lanes, tile.Post.Columns - column)) - 1);
        }

        while (reaching != 0)
        {
            int lane = BitOperations.TrailingZeroCount(reaching);
            reaching &= reaching - 1;
            float rank = state.Best(slot)[lane];
            if (!float.IsFinite(rank))
            {
                throw new NotFiniteException(tile.Layer, segment.Text);
            }

            int position = state.Where(slot)[lane];
            (float coefficient, float gate) = position >= segment.FirstPosition
                ? At(tile, segment, column + lane, position)
                : (state.Coefficient(slot)[lane], state.Gate(slot)[lane]);
            int start = tile.Batch.Start(segment.Text);
            ReadOnlySpan<int> ids = tile.Batch.Ids.Span.Slice(start, tile.Batch.Length(segment.Text));
            int target = position + 1 < ids.Length ? ids[position + 1] : NoPosition;
            var trigger = new Trigger(coefficient, gate, _chunk!.Units[segment.Text], position, target);
            lists.Offer(memory + lane, rank, trigger, _rules.Distinct > 0 ? Ending(ids, position) : 0);
        }
    }

    // A text goes on in the next tile: keep what stands at its best row so far, if that row is in this tile.
    private void KeepBest(in MemoryTile tile, in TileSegment segment, int column, int slot, WorkerState.UnitState state)
    {
        for (int lane = 0; lane < Math.Min(Lanes, tile.Post.Columns - column); lane++)
        {
            int position = state.Where(slot)[lane];
            if (position >= segment.FirstPosition && state.Best(slot)[lane] > float.NegativeInfinity)
            {
                (state.Coefficient(slot)[lane], state.Gate(slot)[lane]) = At(tile, segment, column + lane, position);
            }
        }
    }

    private static (float Coefficient, float Gate) At(in MemoryTile tile, in TileSegment segment, int column, int position)
    {
        int row = segment.FirstRow + position - segment.FirstPosition;
        return (tile.Post.Row(row)[column], tile.Linear.Rows > 0 ? tile.Pre.Row(row)[column] : float.NaN);   // only gated layers have a gate
    }

    private ulong Ending(ReadOnlySpan<int> ids, int position)
    {
        int first = Math.Max(0, position + 1 - _rules.Distinct);
        ulong key = 0;
        for (int i = first; i <= position; i++)
        {
            key = CounterHash.Hash(key, (ulong)ids[i], (ulong)(position - i));
        }

        return key;
    }
}
