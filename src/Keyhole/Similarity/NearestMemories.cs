using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;
using Keyhole.Memories;

namespace Keyhole.Similarity;

/// <summary>Searches all layers of a model for the memories whose keys and values point the way of a memory's own (<see cref="ResidualVectors"/>).</summary>
/// <remarks>Weights are read from the checkpoint tile by tile, with their norms: nothing of them is kept, and nothing must be prepared.</remarks>
public static class NearestMemories
{
    private const int TileMemories = 256;

    /// <summary>The kinds of vectors that memories of a layer have, gate keys first.</summary>
    public static IReadOnlyList<MemoryVectorKind> KindsOf(FeedForwardSpec layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return layer.IsGated ? [MemoryVectorKind.GateKey, MemoryVectorKind.Key, MemoryVectorKind.Value] : [MemoryVectorKind.Key, MemoryVectorKind.Value];
    }

    /// <summary>
    /// Whether a vector that points the other way counts as near: linear keys and values of gated layers, whose common sign is a convention, for when both are turned around the layer computes the same.
    /// </summary>
    /// <param name="gated">Whether the layers are gated.</param>
    /// <param name="kind">The kind of vector.</param>
    public static bool CountsEitherWay(bool gated, MemoryVectorKind kind) => gated && kind != MemoryVectorKind.GateKey;

    /// <summary>The nearest memories of each kind, those of the memory's own layer among them, without itself; equals in order of layer and number.</summary>
    /// <param name="model">The model.</param>
    /// <param name="id">A memory of it.</param>
    /// <param name="count">At most so many of each kind.</param>
    /// <param name="threads">Worker threads.</param>
    /// <param name="cancellation">Stops at the next tile.</param>
    /// <exception cref="ArgumentException">The model has no such memory.</exception>
    public static IReadOnlyDictionary<MemoryVectorKind, IReadOnlyList<NearMemory>> Find(Model model, NeuronId id, int count, int threads, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        ModelSpec spec = model.Spec;
        if (!spec.Has(id))
        {
            throw new ArgumentException($"Memory {id} is not in this model.", nameof(id));
        }

        FeedForwardSpec own = spec.Blocks[id.Layer].FeedForward;
        int number = own.NumberOf(id);
        var vectors = new ResidualVectors(model);
        (int Layer, int First)[] tiles = [.. Enumerable.Range(0, spec.LayerCount)
            .SelectMany(layer => Enumerable.Range(0, (spec.Blocks[layer].FeedForward.MemoryCount + TileMemories - 1) / TileMemories).Select(tile => (layer, tile * TileMemories)))];
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        var found = new Dictionary<MemoryVectorKind, IReadOnlyList<NearMemory>>();
        foreach (MemoryVectorKind kind in KindsOf(own))
        {
            using var query = new AlignedBuffer(spec.Width);
            vectors.Read(kind, id.Layer, number, query.Matrix(1, spec.Width));
            var nearest = new NearList(count, CountsEitherWay(own.IsGated, kind));
            Parallel.ForEach(
                tiles.Where(tile => KindsOf(spec.Blocks[tile.Layer].FeedForward).Contains(kind)),
                options,
                () => new AlignedBuffer((long)TileMemories * spec.Width),
                (tile, _, memory) =>
                {
                    MatrixView rows = memory.Matrix(Math.Min(TileMemories, spec.Blocks[tile.Layer].FeedForward.MemoryCount - tile.First), spec.Width);
                    vectors.Read(kind, tile.Layer, tile.First, rows);
                    float[] cosines = Cosines(query.Matrix(1, spec.Width).Row(0), rows);
                    lock (nearest)
                    {
                        for (int row = 0; row < cosines.Length; row++)
                        {
                            if (tile.Layer != id.Layer || tile.First + row != number)
                            {
                                nearest.Offer(tile.Layer, tile.First + row, cosines[row]);
                            }
                        }
                    }

                    return memory;
                },
                memory => memory.Dispose());
            found.Add(kind, nearest.Memories(spec));
        }

        return found;
    }

    private static float[] Cosines(ReadOnlySpan<float> query, MatrixView rows)
    {
        float length = Reductions.L2Norm(query);
        var cosines = new float[rows.Rows];
        for (int row = 0; row < cosines.Length; row++)
        {
            ReadOnlySpan<float> vector = rows.Row(row);
            cosines[row] = Reductions.Dot(query, vector) / (length * Reductions.L2Norm(vector));
        }

        return cosines;
    }
}
