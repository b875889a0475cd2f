using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Keyhole.Corpora;
using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;
using Keyhole.Memories;
using Keyhole.Mining.Sampling;

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
    private readonly bool _hasGates;
    private readonly LayerTotals?[] _totals;
    private readonly WorkerState[] _workers;
    private readonly TileDivider _divider;
    private MiningChunk? _chunk;
    private int _firstLayer;
    private Action<int>? _layerDone;

    /// <param name="spec">The model.</param>
    /// <param name="layers">Layers to mine.</param>
    /// <param name="rules">What competes.</param>
    /// <param name="threads">Workers of the pass.</param>
    /// <param name="candidates">N, the candidate positions of the whole corpus, which decides the histogram's sample.</param>
    /// <param name="hasGates">Whether the tiles of gated layers have gates; rotated coefficients have none.</param>
    /// <param name="random">Random positions of the whole corpus at which coefficients are kept.</param>
    public MiningObserver(ModelSpec spec, IReadOnlyCollection<int> layers, MiningRules rules, int threads, long candidates, bool hasGates = true, IEnumerable<RandomPosition>? random = null)
    {
        _spec = spec;
        _rules = rules;
        _hasGates = hasGates;
        _totals = new LayerTotals?[spec.LayerCount];
        foreach (int layer in layers)
        {
            FeedForwardSpec feedForward = spec.Blocks[layer].FeedForward;
            _totals[layer] = new LayerTotals(layer, MemoryColumns.Of(feedForward), IsGated(feedForward), rules);
        }

        _workers = [.. Enumerable.Range(0, threads).Select(_ => new WorkerState())];
        _divider = new TileDivider(rules, candidates, random ?? []);
    }

    /// <summary>Totals of a mined layer.</summary>
    public LayerTotals Totals(int layer) => _totals[layer]!;

    /// <summary>Names the batch that is run next.</summary>
    /// <param name="chunk">The batch.</param>
    /// <param name="firstLayer">Layers before it have seen the batch already.</param>
    /// <param name="layerDone">Called after each layer, or null.</param>
    public void Begin(MiningChunk chunk, int firstLayer, Action<int>? layerDone = null)
    {
        _chunk = chunk;
        _firstLayer = firstLayer;
        _layerDone = layerDone;
        _divider.Begin(chunk);
        foreach (WorkerState worker in _workers)
        {
            worker.SegmentsRow = -1;
        }
    }

    /// <summary>Counts the memories whose lists have changed since the last call.</summary>
    public int TakeChanged() => _totals.Sum(totals => totals?.TakeChanged() ?? 0);

    /// <summary>Writes the totals of all layers.</summary>
    public void Save(BinaryWriter writer)
    {
        foreach (LayerTotals totals in _totals.OfType<LayerTotals>())
        {
            totals.Save(writer);
        }
    }

    /// <summary>Takes over what <see cref="Save"/> wrote from an observer of the same model, layers and rules.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such totals.</exception>
    /// <exception cref="EndOfStreamException">They end early.</exception>
    public void Restore(BinaryReader reader)
    {
        foreach (LayerTotals totals in _totals.OfType<LayerTotals>())
        {
            totals.Restore(reader);
        }
    }

    public SiteSet Sites(int layer) => layer >= _firstLayer && layer < _totals.Length && _totals[layer] is not null
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
        if (worker.SegmentsRow != tile.FirstRow || worker.SegmentsExpert != tile.Expert)
        {
            _divider.Divide(worker, _chunk!, tile);
        }

        int first = accumulator.Layout.ColumnOf(tile.FirstMemory);
        foreach ((int row, int number) in worker.RandomRows)
        {
            LayerTotals totals = _totals[tile.Layer]!;
            tile.Post.Row(row).CopyTo(totals.Random.AsSpan((number * accumulator.Columns) + first));
        }

        fixed (int* positive = accumulator.PositiveCounts)
        fixed (uint* histogram = accumulator.Histogram)
        {
            for (int column = 0; column < tile.Post.Columns; column += Lanes)
            {
                foreach (TileSegment segment in worker.Segments)
                {
                    Scan(tile, segment, column, first + column, worker, positive + first + column);
                }

                CoefficientScan.Histogram(tile.Post.Start + column, tile.Post.Stride, CollectionsMarshal.AsSpan(worker.SampledRows), histogram + LayerAccumulator.HistogramStart(first + column));
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

    private bool IsGated(FeedForwardSpec layer) => _hasGates && layer.IsGated;

    private LayerAccumulator Accumulator(WorkerState worker, int layer)
    {
        if (worker.Layer == layer)
        {
            return worker.Accumulator!;
        }

        FeedForwardSpec feedForward = _spec.Blocks[layer].FeedForward;
        bool gated = IsGated(feedForward);
        var layout = MemoryColumns.Of(feedForward);
        if (worker.Accumulator is not { } accumulator || accumulator.Layout != layout || accumulator.IsGated != gated)
        {
            worker.Accumulator?.Dispose();
            accumulator = worker.Accumulator = new LayerAccumulator(layout, gated, _rules);
            worker.Reserve(layout);
        }

        accumulator.Prepare(_totals[layer]!);
        worker.Layer = layer;
        return accumulator;
    }

    // Sixteen memories from a column of the tile on; home is that column's place in the layer.
    private void Scan(in MemoryTile tile, in TileSegment segment, int column, int home, WorkerState worker, int* positive)
    {
        LayerAccumulator accumulator = worker.Accumulator!;
        int valid = Math.Min(Lanes, tile.Post.Columns - column);
        WorkerState.UnitState state = worker.Block(segment.Begins && segment.Ends ? 0 : 1 + (home / Lanes));
        if (segment.Begins)
        {
            state.Begin(accumulator.Cases.Length);
        }

        long offset = ((long)segment.FirstRow * tile.Post.Stride) + column;
        float* post = tile.Post.Start + offset;
        CoefficientScan.Moments(post, tile.Post.Stride, segment.Rows, segment.FirstPosition, state.Sums, accumulator.Min + home, state.Best(0), state.Where(0), positive);
        CoefficientScan.Raise(state.Best(0), accumulator.Max + home);
        if (accumulator.IsGated)
        {
            fixed (int* both = accumulator.SignCounts[0], gateOnly = accumulator.SignCounts[1], linearOnly = accumulator.SignCounts[2])
            {
                CoefficientScan.Signs(tile.Pre.Start + offset, tile.Linear.Start + offset, tile.Pre.Stride, segment.Rows, both + home, gateOnly + home, linearOnly + home);
            }
        }

        if (_rules.SampleQuantiles)
        {
            CoefficientScan.PositiveSums(post, tile.Post.Stride, segment.Rows, state.Sums + (4 * Lanes));
            OfferSamples(tile, segment, column, home, post, worker);
        }

        bool byPre = _rules.RankBy == RankBy.Pre;
        float* ranked = byPre ? tile.Pre.Start + offset : post;
        for (int pole = 0; pole < (accumulator.Negative is null ? 1 : 2); pole++)
        {
            if (_rules.PerPrefix)
            {
                OfferEveryRow(tile, segment, column, home, pole, ranked, worker);
                continue;
            }

            int slot = byPre ? 1 : pole;   // slot 0 has the largest coefficients already; a list by pre-activation has no other pole
            if (slot == 1)
            {
                CoefficientScan.Largest(ranked, tile.Post.Stride, segment.Rows, segment.FirstPosition, pole == 1, state.Best(slot), state.Where(slot));
            }

            if (segment.Ends)
            {
                Offer(tile, segment, column, home, pole == 0 ? accumulator.Positive : accumulator.Negative!, slot, state);
            }
            else
            {
                KeepBest(tile, segment, column, slot, state);
            }
        }

        if (accumulator.Cases.Length > 0)
        {
            ScanCases(tile, segment, column, home, offset, state, worker);
        }

        if (segment.Ends && !accumulator.AddSums(home, valid, state.Sums))
        {
            throw new NotFiniteException(tile.Layer, segment.Text);
        }
    }

    private void OfferEveryRow(in MemoryTile tile, in TileSegment segment, int column, int home, int pole, float* ranked, WorkerState worker)
    {
        WorkerState.UnitState row = worker.Block(0);
        for (int r = 0; r < segment.Rows; r++)
        {
            new Span<float>(row.Best(pole), Lanes).Fill(float.NegativeInfinity);
            CoefficientScan.Largest(ranked + ((long)r * tile.Post.Stride), tile.Post.Stride, 1, segment.FirstPosition + r, pole == 1, row.Best(pole), row.Where(pole));
            Offer(tile, segment, column, home, pole == 0 ? worker.Accumulator!.Positive : worker.Accumulator!.Negative!, pole, row);
        }
    }

    // The four sign cases of a text, each with a list of its own; offset is where the segment begins in the tile.
    private void ScanCases(in MemoryTile tile, in TileSegment segment, int column, int home, long offset, WorkerState.UnitState state, WorkerState worker)
    {
        nint stride = tile.Post.Stride;
        TriggerLists[] cases = worker.Accumulator!.Cases;
        WorkerState.UnitState all = _rules.PerPrefix ? worker.Block(0) : state;
        for (int row = 0; row < (_rules.PerPrefix ? segment.Rows : 1); row++)
        {
            if (_rules.PerPrefix)
            {
                all.BeginCases(cases.Length);
            }

            long first = offset + (row * stride);
            CoefficientScan.LargestOfCases(tile.Post.Start + first, tile.Pre.Start + first, tile.Linear.Start + first, stride, _rules.PerPrefix ? 1 : segment.Rows, segment.FirstPosition + row,
                all.Best(WorkerState.FirstCase), WorkerState.CaseStride);
            for (int slot = WorkerState.FirstCase; slot < WorkerState.FirstCase + cases.Length; slot++)
            {
                if (_rules.PerPrefix || segment.Ends)
                {
                    Offer(tile, segment, column, home, cases[slot - WorkerState.FirstCase], slot, all);
                }
                else
                {
                    KeepBest(tile, segment, column, slot, all);
                }
            }
        }
    }

    private void Offer(in MemoryTile tile, in TileSegment segment, int column, int home, TriggerLists lists, int slot, WorkerState.UnitState state)
    {
        uint reaching;
        fixed (float* thresholds = lists.Thresholds)
        {
            reaching = CoefficientScan.Reaching(state.Best(slot), thresholds + home) & (uint)((1 << Math.Min(Lanes, tile.Post.Columns - column)) - 1);
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

            Trigger trigger = TriggerAt(tile, segment, IsHere(segment, state.Where(slot)[lane], out int row)
                ? At(tile, segment, column + lane, row)
                : (state.Where(slot)[lane], state.Coefficient(slot)[lane], state.Gate(slot)[lane], state.RouterWeight(slot)[lane]));
            lists.Offer(home + lane, rank, trigger, _rules.Distinct > 0 ? TriggerEnding.Key(Ids(tile, segment), trigger.Position, _rules.Distinct) : 0);
        }
    }

    // Every row whose hash is small enough, into the samples of the poles on which the memories fire there.
    private void OfferSamples(in MemoryTile tile, in TileSegment segment, int column, int home, float* post, WorkerState worker)
    {
        float* ranks = stackalloc float[Lanes];
        uint valid = (uint)((1 << Math.Min(Lanes, tile.Post.Columns - column)) - 1);
        TriggerLists[] samples = worker.Accumulator!.Samples;
        fixed (uint* memories = &_totals[tile.Layer]!.MemoryHashes[home])
        {
            for (int r = 0; r < segment.Rows; r++, post += tile.Post.Stride)
            {
                int row = segment.FirstRow + r;
                CoefficientScan.SampleRanks(worker.RowHashes[row], memories, ranks);
                for (int pole = 0; pole < samples.Length; pole++)
                {
                    uint reaching;
                    fixed (float* thresholds = &samples[pole].Thresholds[home])
                    {
                        reaching = CoefficientScan.ReachingSigned(ranks, thresholds, post, negate: pole == 1) & valid;
                    }

                    for (; reaching != 0; reaching &= reaching - 1)
                    {
                        int lane = BitOperations.TrailingZeroCount(reaching);
                        samples[pole].Offer(home + lane, ranks[lane], TriggerAt(tile, segment, At(tile, segment, column + lane, row)));
                    }
                }
            }
        }
    }

    private Trigger TriggerAt(in MemoryTile tile, in TileSegment segment, (int Position, float Coefficient, float Gate, float RouterWeight) at)
    {
        ReadOnlySpan<int> ids = Ids(tile, segment);
        return new Trigger(at.Coefficient, at.Gate, _chunk!.Units[segment.Text], at.Position, at.Position + 1 < ids.Length ? ids[at.Position + 1] : NoPosition, at.RouterWeight);
    }

    private static ReadOnlySpan<int> Ids(in MemoryTile tile, in TileSegment segment) => tile.Batch.Ids.Span.Slice(tile.Batch.Start(segment.Text), tile.Batch.Length(segment.Text));

    // A text goes on in the next tile: keep what stands at its best row so far, if that row is in this tile.
    private void KeepBest(in MemoryTile tile, in TileSegment segment, int column, int slot, WorkerState.UnitState state)
    {
        for (int lane = 0; lane < Math.Min(Lanes, tile.Post.Columns - column); lane++)
        {
            if (IsHere(segment, state.Where(slot)[lane], out int row) && state.Best(slot)[lane] > float.NegativeInfinity)
            {
                (state.Where(slot)[lane], state.Coefficient(slot)[lane], state.Gate(slot)[lane], state.RouterWeight(slot)[lane]) = At(tile, segment, column + lane, row);
            }
        }
    }

    // Scans call the rows of a segment by numbers that go on from its first position without a gap, although rows that did not choose the expert lie between
    // them; what earlier tiles had is called by its position, which is less.
    private static bool IsHere(in TileSegment segment, int where, out int row)
    {
        row = segment.FirstRow + where - segment.FirstPosition;
        return where >= segment.FirstPosition;
    }

    private static (int Position, float Coefficient, float Gate, float RouterWeight) At(in MemoryTile tile, in TileSegment segment, int column, int row) => (
        tile.FirstRow + tile.PlaceOf(row) - tile.Batch.Start(segment.Text),
        tile.Post.Row(row)[column],
        tile.Linear.Rows > 0 ? tile.Pre.Row(row)[column] : float.NaN,   // only gated layers have a gate
        tile.RouterWeightOf(row));
}
