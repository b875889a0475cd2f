using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models;

/// <summary>Reads the value vectors of a memory layer from the checkpoint.</summary>
public static class MemoryVectors
{
    private const int Block = 16;   // rows of W [D, F] that are turned into columns at a time: a cache line of a value

    /// <summary>Value vectors v_first .. of a layer: columns of its output map [D, F], of one expert after the other.</summary>
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
        while (values.Rows > 0)
        {
            (int expert, int memory) = (first / feedForward.ExpertSize, first % feedForward.ExpertSize);
            int count = Math.Min(values.Rows, feedForward.ExpertSize - memory);
            ReadColumns(model.Checkpoint, feedForward.Experts[expert].Out, memory, values.RowRange(0, count));
            values = values.RowRange(count, values.Rows - count);
            first += count;
        }
    }

    private static void ReadColumns(Checkpoint checkpoint, LinearSpec map, int first, MatrixView values)
    {
        TensorInfo tensor = checkpoint.Require(map.Weight);
        if (map is { Transposed: true, StoredRow: null })
        {
            for (int value = 0; value < values.Rows; value++)
            {
                checkpoint.ReadFloats(tensor, (long)(first + value) * map.StoredRows, values.Row(value));
            }

            return;
        }

        var rows = new float[Block * values.Rows];
        for (int d = 0; d < map.Outputs; d += Block)
        {
            int count = Math.Min(Block, map.Outputs - d);
            for (int row = 0; row < count; row++)
            {
                checkpoint.ReadFloats(tensor, ((long)map.RowOf(d + row) * map.Inputs) + first, rows.AsSpan(row * values.Rows, values.Rows));
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
