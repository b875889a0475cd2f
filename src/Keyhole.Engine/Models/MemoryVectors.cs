using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models;

/// <summary>Reads the value vectors of a memory layer from the checkpoint.</summary>
public static class MemoryVectors
{
    private const int Block = 16;   // rows of W [D, F] that are turned into columns at a time: a cache line of a value

    /// <summary>Value vectors v_first .. of a layer: columns of the feed-forward layer's output map [D, F].</summary>
    /// <param name="model">The model.</param>
    /// <param name="layer">Layer, from 0.</param>
    /// <param name="first">First memory.</param>
    /// <param name="values">Receives them, shape [count, D].</param>
    /// <exception cref="ArgumentOutOfRangeException">The layer does not have these memories.</exception>
    public static void ReadValues(Model model, int layer, int first, MatrixView values)
    {
        ArgumentNullException.ThrowIfNull(model);
        ModelSpec spec = model.Spec;
        ArgumentOutOfRangeException.ThrowIfNegative(layer);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(layer, spec.LayerCount);
        FeedForwardSpec feedForward = spec.Blocks[layer].FeedForward;
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first + values.Rows, feedForward.MemoryCount, nameof(first));
        Shape.Require(values, nameof(values), values.Rows, spec.Width);
        LinearSpec map = feedForward.Out;
        TensorInfo tensor = model.Checkpoint.Require(map.Weight);
        var rows = new float[Block * values.Rows];
        for (int d = 0; d < spec.Width; d += Block)
        {
            int count = Math.Min(Block, spec.Width - d);
            for (int row = 0; row < count; row++)
            {
                int stored = map.StoredRow?.Invoke(d + row) ?? d + row;
                model.Checkpoint.ReadFloats(tensor, ((long)stored * map.Inputs) + first, rows.AsSpan(row * values.Rows, values.Rows));
            }

            for (int value = 0; value < values.Rows; value++)
            {
                Span<float> into = values.Row(value).Slice(d, count);
                for (int row = 0; row < count; row++)
                {
                    into[row] = rows[(row * values.Rows) + value];
                }
            }
        }
    }
}
