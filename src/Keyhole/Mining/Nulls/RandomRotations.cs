using Keyhole.Corpora;
using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;

namespace Keyhole.Mining.Nulls;

/// <summary>Null of random rotations: m R of each layer's coefficients m, R uniform over the orthogonal matrices (<see cref="HaarRotation"/>), one for all layers of a size.</summary>
/// <remarks>A rotated coefficient is signed and has no gate. R costs 2 F^2 operations a position.</remarks>
internal sealed class RandomRotations : INullCoefficients
{
    private readonly ModelSpec _spec;
    private readonly ulong _seed;
    private readonly int _threads;
    private readonly Dictionary<int, PackedMatrix> _rotations = [];   // by F
    private readonly NullScratch[] _layers;    // a worker's rows of coefficients, gathered until all memories are there
    private readonly NullScratch[] _tiles;

    /// <param name="spec">The model; no layer has a router.</param>
    /// <param name="seed">Seed of the null.</param>
    /// <param name="threads">Workers of the pass.</param>
    public RandomRotations(ModelSpec spec, ulong seed, int threads)
    {
        _spec = spec;
        _seed = CounterHash.Hash(seed, (ulong)NullKind.Rotations);
        _threads = threads;
        _layers = [.. Enumerable.Range(0, threads).Select(_ => new NullScratch())];
        _tiles = [.. Enumerable.Range(0, threads).Select(_ => new NullScratch())];
    }

    public void Begin(int layer)
    {
        int memories = _spec.Blocks[layer].FeedForward.MemoryCount;
        if (!_rotations.ContainsKey(memories))
        {
            _rotations.Add(memories, HaarRotation.Pack(memories, _seed, _threads));
        }
    }

    public void Show(in MemoryTile tile, MiningObserver observer)
    {
        (int rows, int columns) = (tile.Post.Rows, tile.Post.Columns);
        int memories = _spec.Blocks[tile.Layer].FeedForward.MemoryCount;
        MatrixView layer = _layers[tile.Worker].Tile(rows, memories);   // [rows, F]
        for (int row = 0; row < rows; row++)
        {
            tile.Post.Row(row).CopyTo(layer.Row(row)[tile.FirstMemory..]);
        }

        if (tile.FirstMemory + columns < memories)
        {
            return;
        }

        PackedMatrix rotation = _rotations[memories];
        for (int first = 0; first < memories; first += ForwardPass.TileMemories)
        {
            MatrixView rotated = _tiles[tile.Worker].Tile(rows, Math.Min(ForwardPass.TileMemories, memories - first));
            Gemm.MultiplyOutputs(layer, rotation, first, rotated);
            observer.ObserveMemories(tile with { FirstMemory = first, Pre = default, Linear = default, Post = rotated });
        }
    }

    public void Dispose()
    {
        foreach (IDisposable owned in (IEnumerable<IDisposable>)[.. _rotations.Values, .. _layers, .. _tiles])
        {
            owned.Dispose();
        }
    }
}
