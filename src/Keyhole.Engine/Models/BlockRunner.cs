using Keyhole.Engine.Capture;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models;

/// <summary>Takes whole texts through one block. One instance a worker: it owns the scratch memory.</summary>
internal sealed class BlockRunner : IDisposable
{
    private const int RowTile = ForwardPass.TileRows;
    private const int TileMemories = ForwardPass.TileMemories;
    private const int Pad = 16;   // a cache line between rows, so that equal columns of neighbouring rows fall into different cache sets

    private static readonly SiteSet s_memorySites = SiteSet.Of(Site.MlpPre, Site.MlpPreLinear, Site.MlpPost);

    private readonly ModelSpec _spec;
    private readonly RotaryCache _rotary;
    private readonly int _worker;
    private readonly AlignedBuffer _input;    // [row tile, D + pad]: normed residual
    private readonly AlignedBuffer _update;   // [row tile, D + pad]: what is added to the residual
    private readonly AlignedBuffer _pre;      // [row tile, memory tile + pad]
    private readonly AlignedBuffer _linear;
    private readonly AlignedBuffer _post;
    private AlignedBuffer _heads = new(0);    // [rows of the item, (H + 2 KV) * head size + pad]
    private readonly ExpertRows? _experts;    // rows of a tile by expert; null where no layer has a router
    private CausalAttention? _attention;
    private (int Heads, int KeyValueHeads, int HeadSize, AttentionScoring? Scoring) _attentionShape;

    public BlockRunner(ModelSpec spec, RotaryCache rotary, int worker)
    {
        _spec = spec;
        _rotary = rotary;
        _worker = worker;
        _input = new AlignedBuffer((long)RowTile * (spec.Width + Pad));
        _update = new AlignedBuffer((long)RowTile * (spec.Width + Pad));
        _pre = new AlignedBuffer(RowTile * (TileMemories + Pad));
        _linear = new AlignedBuffer(RowTile * (TileMemories + Pad));
        _post = new AlignedBuffer(RowTile * (TileMemories + Pad));
        _experts = spec.Blocks.Any(block => block.FeedForward.Router is not null) ? new ExpertRows(spec, RowTile, Pad) : null;
    }

    /// <summary>Bytes of scratch of one runner for texts of up to <paramref name="longestText"/> tokens.</summary>
    public static long ScratchBytes(int width, BlockSpec block, int longestText)
    {
        AttentionSpec attention = block.Attention;
        int columns = (attention.Heads + (2 * attention.KeyValueHeads)) * attention.HeadSize;
        long tiles = ((block.FeedForward.Router is null ? 2L : 4L) * RowTile * (width + Pad)) + (3L * RowTile * (TileMemories + Pad));
        long heads = (long)(WorkItem.MostRows + longestText) * (columns + Pad);
        return (sizeof(float) * (tiles + heads)) + CausalAttention.ScratchBytes(attention.Heads, attention.HeadSize, attention.Scoring, longestText);
    }

    /// <summary>Runs the block on the texts of an item; <paramref name="residual"/> [T, D] is updated in place. The intervention is null where it leaves the layer as it is.</summary>
    public void Run(int layer, LayerWeights weights, TokenBatch batch, WorkItem item, MatrixView residual, IForwardObserver observer, IForwardIntervention? intervention, bool needsOutput, CancellationToken cancellation)
    {
        BlockSpec block = _spec.Blocks[layer];
        SiteSet sites = observer.Sites(layer);
        int firstRow = batch.Start(item.FirstText);
        int rows = batch.Start(item.FirstText + item.TextCount) - firstRow;
        MatrixView heads = Heads(rows, weights.QueryKeyValue.Outputs);
        for (int row = 0; row < rows; row += RowTile)
        {
            MatrixView tile = residual.RowRange(firstRow + row, Math.Min(RowTile, rows - row));
            Show(Site.ResidPre, tile, firstRow + row);
            MatrixView input = Normed(tile, weights.AttentionNorm);
            Gemm.Multiply(input, weights.QueryKeyValue, heads.RowRange(row, tile.Rows), weights.QueryKeyValueBias);
        }

        cancellation.ThrowIfCancellationRequested();
        Attend(block.Attention, weights, batch, item, firstRow, heads);
        MatrixView attended = heads.ColumnRange(0, block.Attention.Heads * block.Attention.HeadSize);
        for (int row = 0; row < rows; row += RowTile)
        {
            cancellation.ThrowIfCancellationRequested();
            MatrixView tile = residual.RowRange(firstRow + row, Math.Min(RowTile, rows - row));
            MatrixView update = Tile(_update, tile.Rows, _spec.Width);
            Gemm.Multiply(attended.RowRange(row, tile.Rows), weights.AttentionOut, update, weights.AttentionOutBias);
            weights.AttentionOutputNorm?.Apply(update, update);
            Show(Site.AttnOut, update, firstRow + row);
            MatrixView input = tile;
            if (block.IsParallel)
            {
                input = Normed(tile, weights.FeedForwardNorm);
            }
            else if (block.AddsToNormed)
            {
                weights.AttentionNorm!.Apply(tile, tile);
            }

            AddToResidual(tile, update, weights.AttentionSumNorm);
            Show(Site.ResidMid, tile, firstRow + row);
            if (!block.IsParallel)
            {
                input = Normed(tile, weights.FeedForwardNorm);
            }

            if (block.AddsToNormed)
            {
                CopyRows(input, tile);
            }

            FeedForward(layer, block, weights, batch, firstRow + row, input, tile, observer, sites, intervention, needsOutput);
        }

        void Show(Site site, MatrixView values, int at)
        {
            if (sites.Contains(site))
            {
                observer.Observe(site, layer, at, values);
            }
        }
    }

    public void Dispose()
    {
        _input.Dispose();
        _update.Dispose();
        _pre.Dispose();
        _linear.Dispose();
        _post.Dispose();
        _experts?.Dispose();
        _heads.Dispose();
        _attention?.Dispose();
    }

    private void FeedForward(int layer, BlockSpec block, LayerWeights weights, TokenBatch batch, int firstRow, MatrixView input, MatrixView tile, IForwardObserver observer, SiteSet sites, IForwardIntervention? intervention, bool needsOutput)
    {
        bool after = needsOutput || sites.ContainsAny(SiteSet.Of(Site.MlpOut, Site.ResidPost));
        if (sites.Contains(Site.MlpIn))
        {
            observer.Observe(Site.MlpIn, layer, firstRow, input);
        }

        if (!after && !sites.ContainsAny(s_memorySites) && !sites.Contains(Site.ExpertWeights))
        {
            return;
        }

        MatrixView output = Tile(_update, tile.Rows, _spec.Width);
        var seen = new MemoryTile
        {
            Layer = layer,
            Worker = _worker,
            Batch = batch,
            FirstRow = firstRow,
            RowCount = tile.Rows,
            FirstMemory = 0,
            Pre = default,
            Linear = default,
            Post = default,
        };
        if (weights.Router is null)
        {
            StartFrom(weights.Experts[0].OutBias, output);
            Memories(block.FeedForward, weights.Experts[0], input, after ? output : default, seen, observer, sites, intervention);
        }
        else
        {
            Mixture(block.FeedForward, weights, input, output, seen, observer, sites, intervention, after);
        }

        if (!after)
        {
            return;
        }

        weights.FeedForwardOutputNorm?.Apply(output, output);
        if (sites.Contains(Site.MlpOut))
        {
            observer.Observe(Site.MlpOut, layer, firstRow, output);
        }

        AddToResidual(tile, output, weights.FeedForwardSumNorm);
        RequireFinite(tile, layer, batch, firstRow);
        if (sites.Contains(Site.ResidPost))
        {
            observer.Observe(Site.ResidPost, layer, firstRow, tile);
        }
    }

    // Each expert meets the rows that chose it, one expert after the other; its output, times the router's weight, is added to theirs.
    private void Mixture(FeedForwardSpec spec, LayerWeights weights, MatrixView input, MatrixView output, MemoryTile seen, IForwardObserver observer, SiteSet sites, IForwardIntervention? intervention, bool after)
    {
        StartFrom([], output);
        ExpertRows experts = _experts!;
        MatrixView chosen = experts.Choose(weights.Router!, input);
        if (sites.Contains(Site.ExpertWeights))
        {
            observer.Observe(Site.ExpertWeights, seen.Layer, seen.FirstRow, chosen);
        }

        for (int expert = 0; expert < weights.Experts.Length; expert++)
        {
            experts.Gather(expert, input);
            MatrixView update = experts.Output;
            StartFrom(weights.Experts[expert].OutBias, update);
            MemoryTile part = seen with
            {
                FirstMemory = expert * spec.ExpertSize,
                Expert = expert,
                Rows = experts.Rows,
                RouterWeights = experts.Weights,
            };
            Memories(spec, weights.Experts[expert], experts.Input, after ? update : default, part, observer, sites, intervention);
            if (after)
            {
                experts.AddTo(output);
            }
        }
    }

    // One bank: coefficients of rows of input, changed by the intervention, shown to the observer, and their values added to output (none where it is empty).
    private void Memories(FeedForwardSpec spec, ExpertWeights weights, MatrixView input, MatrixView output, MemoryTile seen, IForwardObserver observer, SiteSet sites, IForwardIntervention? intervention)
    {
        bool observed = sites.ContainsAny(s_memorySites);
        if (!observed && output.Rows == 0)
        {
            return;
        }

        for (int memory = 0; memory < spec.ExpertSize; memory += TileMemories)
        {
            int count = Math.Min(TileMemories, spec.ExpertSize - memory);
            bool wanted = observed && observer.WantsMemories(seen.Layer, seen.FirstMemory + memory, count);
            if (!wanted && output.Rows == 0)
            {
                continue;
            }

            bool gated = weights.Gate is not null;
            MatrixView pre = gated || sites.Contains(Site.MlpPre) ? Tile(_pre, input.Rows, count) : default;
            MatrixView linear = gated ? Tile(_linear, input.Rows, count) : default;
            MatrixView post = Tile(_post, input.Rows, count);
            MemoryCoefficients.Compute(weights.Keys, spec.Activation, input, memory, pre, linear, post);
            MemoryTile tile = seen with { FirstMemory = seen.FirstMemory + memory, Input = input, Pre = pre, Linear = linear, Post = post };
            intervention?.ChangeMemories(tile);
            if (wanted)
            {
                observer.ObserveMemories(tile);
            }

            if (output.Rows > 0)
            {
                // Whole blocks of the kernel: what the scratch holds below the tile's rows is computed along and never read.
                int rows = Math.Min(RowTile, (input.Rows + Gemm.RowStep - 1) / Gemm.RowStep * Gemm.RowStep);
                Gemm.Accumulate(Tile(_post, rows, count), weights.Out, memory, output.WithRows(rows));
            }
        }
    }

    private void Attend(AttentionSpec attention, LayerWeights weights, TokenBatch batch, WorkItem item, int firstRow, MatrixView heads)
    {
        var shape = (attention.Heads, attention.KeyValueHeads, attention.HeadSize, attention.Scoring);
        if (_attention is null || _attentionShape != shape)
        {
            _attention?.Dispose();
            _attention = new CausalAttention(attention.Heads, attention.KeyValueHeads, attention.HeadSize, attention.Scoring);
            _attentionShape = shape;
        }

        int queries = attention.Heads * attention.HeadSize;
        int keys = attention.KeyValueHeads * attention.HeadSize;
        for (int text = item.FirstText; text < item.FirstText + item.TextCount; text++)
        {
            MatrixView rows = heads.RowRange(batch.Start(text) - firstRow, batch.Length(text));
            for (int row = 0; row < rows.Rows; row++)
            {
                weights.QueryNorm?.Apply(rows.Row(row)[..queries]);
                weights.KeyNorm?.Apply(rows.Row(row).Slice(queries, keys));
                if (attention.Clip is { } limit)
                {
                    Elementwise.Clip(rows.Row(row), limit);
                }
            }

            if (attention.Rotary is not null)
            {
                _rotary.Apply(attention.Rotary, attention.HeadSize, rows.ColumnRange(0, queries + keys));
            }

            _attention.Run(rows);
        }
    }

    // The rows themselves where there is no norm.
    private MatrixView Normed(MatrixView rows, NormWeights? norm)
    {
        if (norm is null)
        {
            return rows;
        }

        MatrixView normed = Tile(_input, rows.Rows, _spec.Width);
        norm.Apply(rows, normed);
        return normed;
    }

    private MatrixView Heads(int rows, int columns)
    {
        long floats = (long)rows * (columns + Pad);
        if (_heads.Length < floats)
        {
            _heads.Dispose();
            _heads = new AlignedBuffer(floats);
        }

        return _heads.Matrix(rows, columns, columns + Pad);
    }

    private static MatrixView Tile(AlignedBuffer buffer, int rows, int columns) => buffer.Matrix(rows, columns, columns + Pad);

    private static void StartFrom(float[] bias, MatrixView output)
    {
        for (int row = 0; row < output.Rows; row++)
        {
            if (bias.Length == 0)
            {
                output.Row(row).Clear();
            }
            else
            {
                bias.CopyTo(output.Row(row));
            }
        }
    }

    private static void CopyRows(MatrixView from, MatrixView to)
    {
        for (int row = 0; row < from.Rows; row++)
        {
            from.Row(row).CopyTo(to.Row(row));
        }
    }

    private static void AddToResidual(MatrixView residual, MatrixView update, NormWeights? norm)
    {
        for (int row = 0; row < residual.Rows; row++)
        {
            Elementwise.Add(residual.Row(row), update.Row(row));
        }

        norm?.Apply(residual, residual);
    }

    private static void RequireFinite(MatrixView residual, int layer, TokenBatch batch, int firstRow)
    {
        for (int row = 0; row < residual.Rows; row++)
        {
            int found = Elementwise.FirstNonFinite(residual.Row(row));
            if (found >= 0)
            {
                throw new NotFiniteException(layer, batch.TextOf(firstRow + row));
            }
        }
    }
}
