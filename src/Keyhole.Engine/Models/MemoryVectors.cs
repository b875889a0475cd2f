using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models;

/// <summary>Reads the key and value vectors of a memory layer from the checkpoint.</summary>
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
        => Read(model, layer, first, values, (expert, memory, into) => ReadColumns(model.Checkpoint, expert.Out, memory, into));

    /// <summary>Key vectors k_first .. of a layer: rows of its input map [F, D], of one expert after the other. Of a gated layer those of the linear part.</summary>
    /// <param name="model">The model.</param>
    /// <param name="layer">Layer, from 0.</param>
    /// <param name="first">First memory.</param>
    /// <param name="keys">Receives them, shape [count, D].</param>
    /// <exception cref="ArgumentOutOfRangeException">The layer does not have these memories.</exception>
    public static void ReadKeys(Model model, int layer, int first, MatrixView keys)
        => Read(model, layer, first, keys, (expert, memory, into) => ReadRows(model.Checkpoint, expert.In, memory, into));

    /// <summary>Gate keys of a gated layer, as <see cref="ReadKeys"/> reads those of the linear part.</summary>
    /// <param name="model">The model.</param>
    /// <param name="layer">A gated layer, from 0.</param>
    /// <param name="first">First memory.</param>
    /// <param name="keys">Receives them, shape [count, D].</param>
    /// <exception cref="ArgumentOutOfRangeException">The layer does not have these memories, or no gate.</exception>
    public static void ReadGateKeys(Model model, int layer, int first, MatrixView keys)
        => Read(model, layer, first, keys, (expert, memory, into)
            => ReadRows(model.Checkpoint, expert.Gate ?? throw new ArgumentOutOfRangeException(nameof(layer), layer, "The layer is not gated."), memory, into));

    /// <summary>Biases of a layer's keys (of a gated layer those of the linear part), of one expert after the other.</summary>
    /// <param name="model">The model.</param>
    /// <param name="layer">Layer, from 0.</param>
    /// <returns>Shape [experts * F]; empty where no key has one.</returns>
    public static float[] KeyBiases(Model model, int layer) => Biases(model, layer, expert => expert.In);

    /// <summary>Biases of a gated layer's gate keys, of one expert after the other.</summary>
    /// <param name="model">The model.</param>
    /// <param name="layer">Layer, from 0.</param>
    /// <returns>Shape [experts * F]; empty where no gate key has one, or the layer is not gated.</returns>
    public static float[] GateKeyBiases(Model model, int layer) => Biases(model, layer, expert => expert.Gate);

    /// <summary>What a layer adds beside its values, b2, of one expert after the other.</summary>
    /// <param name="model">The model.</param>
    /// <param name="layer">Layer, from 0.</param>
    /// <returns>Shape [experts * D]; empty where there is none.</returns>
    public static float[] OutputBiases(Model model, int layer) => Biases(model, layer, expert => expert.Out);

    private static float[] Biases(Model model, int layer, Func<ExpertSpec, LinearSpec?> map)
    {
        FeedForwardSpec feedForward = LayerOf(model, layer);
        return new WeightReader(model.Checkpoint).Biases([.. feedForward.Experts.Select(map).OfType<LinearSpec>()]);
    }

    private static FeedForwardSpec LayerOf(Model model, int layer)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfNegative(layer);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(layer, model.Spec.LayerCount);
        return model.Spec.Blocks[layer].FeedForward;
    }

    private static void Read(Model model, int layer, int first, MatrixView vectors, ReadPart read)
    {
        FeedForwardSpec feedForward = LayerOf(model, layer);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first + vectors.Rows, feedForward.MemoryCount, nameof(first));
        Shape.Require(vectors, nameof(vectors), vectors.Rows, model.Spec.Width);
        while (vectors.Rows > 0)
        {
            (int expert, int memory) = (first / feedForward.ExpertSize, first % feedForward.ExpertSize);
            int count = Math.Min(vectors.Rows, feedForward.ExpertSize - memory);
            read(feedForward.Experts[expert], memory, vectors.RowRange(0, count));
            vectors = vectors.RowRange(count, vectors.Rows - count);
            first += count;
        }
    }

    private static void ReadRows(Checkpoint checkpoint, LinearSpec map, int first, MatrixView rows)
    {
        RowReader read = new WeightReader(checkpoint).RowsOf(map);
        var dense = new float[rows.Rows * rows.Columns];
        read(first, dense);
        for (int row = 0; row < rows.Rows; row++)
        {
            dense.AsSpan(row * rows.Columns, rows.Columns).CopyTo(rows.Row(row));
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

    private delegate void ReadPart(ExpertSpec expert, int first, MatrixView into);
}
