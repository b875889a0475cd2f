using Keyhole.Engine.Capture;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models;

/// <summary>Takes whole texts through one block. One instance a worker: it owns the scratch memory.</summary>
internal sealed class BlockRunner : IDisposable
{
    // Rows and memories of a tile: x, the coefficients and y of a tile stay in the second-level cache together.
    private const int RowTile = 240;
    private const int TileMemories = 256;
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
    private CausalAttention? _attention;
    private (int Heads, int KeyValueHeads, int HeadSize, float Scale) _attentionShape;

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
    }

    /// <summary>Bytes of scratch of one runner for texts of up to <paramref name="longestText"/> tokens.</summary>
    public static long ScratchBytes(int width, BlockSpec block, int longestText)
    {
        AttentionSpec attention = block.Attention;
        int columns = (attention.Heads + (2 * attention.KeyValueHeads)) * attention.HeadSize;
        long tiles = (2L * RowTile * (width + Pad)) + (3L * RowTile * (TileMemories + Pad));
        long heads = (long)(WorkItem.MostRows + longestText) * (columns + Pad);
        return (sizeof(float) * (tiles + heads)) + CausalAttention.ScratchBytes(attention.HeadSize, longestText);
    }

    /// <summary>Runs the block on the texts of an item; <paramref name="residual"/> [T, D] is updated in place.</summary>
    public void Run(int layer, LayerWeights weights, TokenBatch batch, WorkItem item, MatrixView residual, IForwardObserver observer, bool needsOutput, CancellationToken cancellation)
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
            MatrixView input = tile;
            if (block.Placement == NormPlacement.Before)
            {
                input = Tile(_input, tile.Rows, _spec.Width);
                weights.AttentionNorm.Apply(tile, input);
            }

            Gemm.Multiply(input, weights.QueryKeyValue, heads.RowRange(row, tile.Rows), weights.QueryKeyValueBias);
        }

        cancellation.ThrowIfCancellationRequested();
        Attend(block.Attention, batch, item, firstRow, heads);
        MatrixView attended = heads.ColumnRange(0, block.Attention.Heads * block.Attention.HeadSize);
        for (int row = 0; row < rows; row += RowTile)
        {
            cancellation.ThrowIfCancellationRequested();
            MatrixView tile = residual.RowRange(firstRow + row, Math.Min(RowTile, rows - row));
            MatrixView update = Tile(_update, tile.Rows, _spec.Width);
            Gemm.Multiply(attended.RowRange(row, tile.Rows), weights.AttentionOut, update, weights.AttentionOutBias);
            Show(Site.AttnOut, update, firstRow + row);
            AddToResidual(tile, update, block.Placement == NormPlacement.After ? weights.AttentionNorm : null);
            Show(Site.ResidMid, tile, firstRow + row);
            FeedForward(layer, block, weights, batch, firstRow + row, tile, observer, sites, needsOutput);
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
        _heads.Dispose();
        _attention?.Dispose();
    }

    private void FeedForward(int layer, BlockSpec block, LayerWeights weights, TokenBatch batch, int firstRow, MatrixView tile, IForwardObserver observer, SiteSet sites, bool needsOutput)
    {
        bool observed = sites.ContainsAny(s_memorySites);
        bool after = sites.ContainsAny(SiteSet.Of(Site.MlpOut, Site.ResidPost));
        if (!observed && !needsOutput && !after && !sites.Contains(Site.MlpIn))
        {
            return;
        }

        MatrixView input = tile;
        if (block.Placement == NormPlacement.Before)
        {
            input = Tile(_input, tile.Rows, _spec.Width);
            weights.FeedForwardNorm.Apply(tile, input);
        }

        if (sites.Contains(Site.MlpIn))
        {
            observer.Observe(Site.MlpIn, layer, firstRow, input);
        }

        MatrixView output = Tile(_update, tile.Rows, _spec.Width);
        StartFrom(weights.OutBias, output);
        FeedForwardSpec spec = block.FeedForward;
        for (int memory = 0; memory < spec.MemoryCount; memory += TileMemories)
        {
            int count = Math.Min(TileMemories, spec.MemoryCount - memory);
            MatrixView pre = default;
            MatrixView linear = default;
            MatrixView post = Tile(_post, tile.Rows, count);
            if (weights.Gate is not null)
            {
                pre = Tile(_pre, tile.Rows, count);
                linear = Tile(_linear, tile.Rows, count);
                Gemm.MultiplyOutputs(input, weights.Gate, memory, pre, Part(weights.GateBias, memory, count));
                Gemm.MultiplyOutputs(input, weights.In, memory, linear, Part(weights.InBias, memory, count));
                for (int row = 0; row < tile.Rows; row++)
                {
                    Activations.ApplyGated(spec.Activation, pre.Row(row), linear.Row(row), post.Row(row));
                }
            }
            else
            {
                Gemm.MultiplyOutputs(input, weights.In, memory, post, Part(weights.InBias, memory, count));
                if (sites.Contains(Site.MlpPre))
                {
                    pre = Tile(_pre, tile.Rows, count);
                }

                for (int row = 0; row < tile.Rows; row++)
                {
                    Span<float> coefficients = post.Row(row);
                    if (pre.Rows > 0)
                    {
                        coefficients.CopyTo(pre.Row(row));
                    }

                    Activations.Apply(spec.Activation, coefficients);
                }
            }

            if (observed)
            {
                observer.ObserveMemories(new MemoryTile
                {
                    Layer = layer,
                    Worker = _worker,
                    Batch = batch,
                    FirstRow = firstRow,
                    FirstMemory = memory,
                    Pre = pre,
                    Linear = linear,
                    Post = post,
                });
            }

            if (needsOutput || after)
            {
                // Whole blocks of four rows: what the scratch holds below the tile's rows is computed along and never read.
                int rows = Math.Min(RowTile, (tile.Rows + 3) / 4 * 4);
                Gemm.Accumulate(Tile(_post, rows, count), weights.Out, memory, Tile(_update, rows, _spec.Width));
            }
        }

        if (!needsOutput && !after)
        {
            return;
        }

        if (sites.Contains(Site.MlpOut))
        {
            observer.Observe(Site.MlpOut, layer, firstRow, output);
        }

        AddToResidual(tile, output, block.Placement == NormPlacement.After ? weights.FeedForwardNorm : null);
        RequireFinite(tile, layer, batch, firstRow);
        if (sites.Contains(Site.ResidPost))
        {
            observer.Observe(Site.ResidPost, layer, firstRow, tile);
        }
    }

    private void Attend(AttentionSpec attention, TokenBatch batch, WorkItem item, int firstRow, MatrixView heads)
    {
        var shape = (attention.Heads, attention.KeyValueHeads, attention.HeadSize, attention.Scale);
        if (_attention is null || _attentionShape != shape)
        {
            _attention?.Dispose();
            _attention = new CausalAttention(attention.Heads, attention.KeyValueHeads, attention.HeadSize, attention.Scale);
            _attentionShape = shape;
        }

        int rotated = (attention.Heads + attention.KeyValueHeads) * attention.HeadSize;
        for (int text = item.FirstText; text < item.FirstText + item.TextCount; text++)
        {
            MatrixView rows = heads.RowRange(batch.Start(text) - firstRow, batch.Length(text));
            if (attention.Rotary is not null)
            {
                _rotary.Apply(attention.Rotary, attention.HeadSize, rows.ColumnRange(0, rotated));
            }

            _attention.Run(rows);
        }
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

    private static ReadOnlySpan<float> Part(float[] bias, int first, int count) => bias.Length == 0 ? default : bias.AsSpan(first, count);

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
