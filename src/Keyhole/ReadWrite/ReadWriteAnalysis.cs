using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;
using Keyhole.Memories;

namespace Keyhole.ReadWrite;

/// <summary>Cosines between the weights of every memory: what it reads beside what it writes.</summary>
/// <remarks>
/// Weights are taken as vectors of the residual stream (<see cref="ResidualVectors"/>): keys with the gain of the norm before the layer, values with that of a norm behind it. A layer behind a LayerNorm does
/// not see the mean of what was written, so values lose it there too, and all vectors lie in D - 1 dimensions. Read from the checkpoint tile by tile; nothing of it is kept.
/// </remarks>
public static class ReadWriteAnalysis
{
    private const int TileMemories = 256;

    /// <summary>Dimension of the space that a layer's vectors lie in: D, or D - 1 behind a LayerNorm.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="layer">Layer, from 0.</param>
    public static int Dimension(ModelSpec spec, int layer)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec.Width - (spec.Blocks[layer].FeedForwardNorm?.Kind == NormKind.LayerNorm ? 1 : 0);
    }

    /// <summary>The cosines of all memories of some layers, in the order of layers and memories.</summary>
    /// <param name="model">The model.</param>
    /// <param name="layers">Layers, ascending.</param>
    /// <param name="threads">Worker threads; change no result.</param>
    /// <param name="progress">Told the share that is done, or null.</param>
    /// <param name="cancellation">Stops at the next tile.</param>
    public static IReadOnlyList<ReadWriteRecord> Run(Model model, IReadOnlyList<int> layers, int threads, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        var vectors = new ResidualVectors(model);
        (int Layer, int First, int Count)[] tiles = [.. layers.SelectMany(layer => Tiles(layer, model.Spec.Blocks[layer].FeedForward.MemoryCount))];
        var records = new ReadWriteRecord[tiles.Length][];
        int done = 0;
        Parallel.For(
            0,
            tiles.Length,
            new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation },
            () => new AlignedBuffer(3L * TileMemories * model.Spec.Width),
            (tile, _, buffer) =>
            {
                records[tile] = Read(model.Spec, vectors, tiles[tile].Layer, tiles[tile].First, buffer.Matrix(3 * tiles[tile].Count, model.Spec.Width));
                progress?.Report((double)Interlocked.Increment(ref done) / tiles.Length);
                return buffer;
            },
            buffer => buffer.Dispose());
        return [.. records.SelectMany(tile => tile)];
    }

    private static IEnumerable<(int Layer, int First, int Count)> Tiles(int layer, int memories)
    {
        for (int first = 0; first < memories; first += TileMemories)
        {
            yield return (layer, first, Math.Min(TileMemories, memories - first));
        }
    }

    // Three matrices of as many rows in one.
    private static ReadWriteRecord[] Read(ModelSpec spec, ResidualVectors vectors, int layer, int first, MatrixView room)
    {
        int count = room.Rows / 3;
        bool gated = spec.Blocks[layer].FeedForward.IsGated;
        MatrixView keys = room.RowRange(0, count);
        MatrixView values = room.RowRange(count, count);
        MatrixView gates = room.RowRange(2 * count, count);
        vectors.Read(MemoryVectorKind.Key, layer, first, keys);
        vectors.Read(MemoryVectorKind.Value, layer, first, values, asSeen: true);
        if (gated)
        {
            vectors.Read(MemoryVectorKind.GateKey, layer, first, gates);
        }

        var records = new ReadWriteRecord[count];
        for (int row = 0; row < count; row++)
        {
            records[row] = new ReadWriteRecord(
                spec.NameOf(layer, first + row),
                Cosine(keys.Row(row), values.Row(row)),
                gated ? Cosine(gates.Row(row), values.Row(row)) : null,
                gated ? Cosine(gates.Row(row), keys.Row(row)) : null);
        }

        return records;
    }

    // NaN where one is zero, or not finite.
    private static double Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double product = 0, first = 0, second = 0;
        for (int i = 0; i < a.Length; i++)
        {
            product += (double)a[i] * b[i];
            first += (double)a[i] * a[i];
            second += (double)b[i] * b[i];
        }

        double lengths = Math.Sqrt(first) * Math.Sqrt(second);
        return lengths > 0 && double.IsFinite(lengths) ? Math.Clamp(product / lengths, -1, 1) : double.NaN;
    }
}
