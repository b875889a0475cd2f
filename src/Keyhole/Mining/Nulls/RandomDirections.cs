using Keyhole.Corpora;
using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;

namespace Keyhole.Mining.Nulls;

/// <summary>
/// Null of random directions: memory i of a layer has, in the place of its key (of gate key and linear part where gated), a direction drawn uniformly, with the key's norm; bias
/// and activation, the input x with its norm's gain, and the router's choice are the model's.
/// </summary>
internal sealed class RandomDirections : INullCoefficients
{
    private readonly Model _model;
    private readonly ulong _seed;
    private readonly int _threads;
    private readonly bool _keepLayers;
    private readonly KeyNorms[]?[] _norms;         // [L][experts]
    private readonly DirectionBank[]?[] _banks;    // [L][experts]
    private readonly WorkerTiles[] _workers;

    /// <param name="model">The model.</param>
    /// <param name="seed">Seed of the null.</param>
    /// <param name="threads">Workers of the pass.</param>
    /// <param name="keepLayers">Keep the directions of all layers; otherwise those of one are drawn when it begins.</param>
    public RandomDirections(Model model, ulong seed, int threads, bool keepLayers)
    {
        _model = model;
        _seed = CounterHash.Hash(seed, (ulong)NullKind.Directions);
        _threads = threads;
        _keepLayers = keepLayers;
        _norms = new KeyNorms[]?[model.Spec.LayerCount];
        _banks = new DirectionBank[]?[model.Spec.LayerCount];
        _workers = [.. Enumerable.Range(0, threads).Select(_ => new WorkerTiles())];
    }

    public void Begin(int layer)
    {
        if (_banks[layer] is not null)
        {
            return;
        }

        if (!_keepLayers)
        {
            Array.ForEach(_banks, Free);
            Array.Clear(_banks);
        }

        FeedForwardSpec spec = _model.Spec.Blocks[layer].FeedForward;
        KeyNorms[] norms = _norms[layer] ??= [.. Enumerable.Range(0, spec.Experts.Length).Select(expert => KeyNorms.Read(_model, layer, expert))];
        ulong seed = CounterHash.Hash(_seed, (ulong)layer);
        _banks[layer] = [.. norms.Select((bank, expert) => new DirectionBank(bank, _model.Spec.Width, expert * spec.ExpertSize, seed, _threads))];
    }

    public void Show(in MemoryTile tile, MiningObserver observer)
    {
        FeedForwardSpec spec = _model.Spec.Blocks[tile.Layer].FeedForward;
        int expert = Math.Max(0, tile.Expert);
        WorkerTiles worker = _workers[tile.Worker];
        (int rows, int columns) = (tile.Input.Rows, tile.Post.Columns);
        MatrixView pre = tile.Pre.Rows > 0 ? worker.Pre.Tile(rows, columns) : default;
        MatrixView linear = tile.Linear.Rows > 0 ? worker.Linear.Tile(rows, columns) : default;
        MatrixView post = worker.Post.Tile(rows, columns);
        if (rows > 0)
        {
            MemoryCoefficients.Compute(_banks[tile.Layer]![expert].Keys, spec.Activation, tile.Input, tile.FirstMemory - (expert * spec.ExpertSize), pre, linear, post);
        }

        observer.ObserveMemories(tile with { Pre = pre, Linear = linear, Post = post });
    }

    public void Dispose()
    {
        Array.ForEach(_banks, Free);
        foreach (WorkerTiles worker in _workers)
        {
            worker.Dispose();
        }
    }

    private static void Free(DirectionBank[]? banks)
    {
        foreach (DirectionBank bank in banks ?? [])
        {
            bank.Dispose();
        }
    }

    private sealed class WorkerTiles : IDisposable
    {
        public NullScratch Pre { get; } = new();

        public NullScratch Linear { get; } = new();

        public NullScratch Post { get; } = new();

        public void Dispose()
        {
            Pre.Dispose();
            Linear.Dispose();
            Post.Dispose();
        }
    }
}
