using Keyhole.Engine.Capture;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models;

/// <summary>The one forward pass: layer by layer over a whole batch, row tile by row tile, with observers at named sites.</summary>
/// <remarks>
/// The weights of one layer are packed once and meet all tokens of the batch; without <see cref="ForwardOptions.KeepLayers"/> the next layer is
/// packed while this one runs. Not thread-safe: one pass at a time on an instance.
/// </remarks>
public sealed class ForwardPass : IDisposable
{
    /// <summary>Most rows that an observer is shown at a time.</summary>
    public const int TileRows = 240;   // x, the coefficients and y of a tile stay in the second-level cache together

    /// <summary>Most memories that an observer is shown at a time.</summary>
    public const int TileMemories = 256;

    private const int FewRows = 256;   // with so few, packing a layer takes longer than running it: all threads pack

    private readonly Model _model;
    private readonly BufferPool _layerMemory = new();   // a streamed layer is packed where the one before the last one stood
    private readonly WeightReader _reader;
    private readonly Embedder _embedder;
    private readonly LayerWeights?[] _kept;
    private readonly BlockRunner[] _workers;
    private readonly WorkerPool _pool;
    private readonly bool _keepLayers;
    private Head? _head;
    private AlignedBuffer _residual = new(0);

    /// <summary>Prepares a pass; nothing is packed yet.</summary>
    /// <param name="model">The model, which must outlive the pass.</param>
    /// <param name="options">Threads and memory.</param>
    public ForwardPass(Model model, ForwardOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Threads);
        _model = model;
        _reader = new WeightReader(model.Checkpoint, _layerMemory);
        _embedder = new Embedder(model.Spec, model.Checkpoint, _reader);
        _kept = new LayerWeights?[model.Spec.LayerCount];
        _keepLayers = options.KeepLayers;
        var rotary = new RotaryCache();
        _workers = [.. Enumerable.Range(0, options.Threads).Select(worker => new BlockRunner(model.Spec, rotary, worker))];
        _pool = new WorkerPool(options.Threads);
    }

    /// <summary>Worker threads.</summary>
    public int Threads => _pool.Threads;

    /// <summary>Bytes that the packed weights of all layers take.</summary>
    public static long PackedBytes(ModelSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec.Blocks.Sum(LayerWeights.PackedBytes);
    }

    /// <summary>Bytes that the packed weights of a layer take.</summary>
    public static long PackedBytes(ModelSpec spec, int layer)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return LayerWeights.PackedBytes(spec.Blocks[layer]);
    }

    /// <summary>Bytes of scratch that one worker takes for texts of up to <paramref name="longestText"/> tokens.</summary>
    public static long WorkerBytes(ModelSpec spec, int longestText)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec.Blocks.Max(block => BlockRunner.ScratchBytes(spec.Width, block, longestText));
    }

    /// <summary>Packs all layers up to <paramref name="lastLayer"/> at once, by all threads, where layers are kept; otherwise does nothing.</summary>
    /// <param name="lastLayer">Last layer that will run.</param>
    /// <param name="cancellation">Stops between layers.</param>
    public void Prepare(int lastLayer, CancellationToken cancellation = default)
    {
        if (_keepLayers)
        {
            _pool.Run(lastLayer + 1, (_, layer) => _kept[layer] ??= Load(layer, inParallel: false), cancellation);
        }
    }

    /// <summary>Runs a batch through the model, as far as the observer's last layer.</summary>
    /// <param name="batch">Packed texts.</param>
    /// <param name="observer">Sees the sites that it asks for.</param>
    /// <param name="cancellation">Stops at the next row tile.</param>
    /// <exception cref="InputRefusedException">An id is not in the vocabulary, a text is longer than the context, or a value is not finite.</exception>
    public void Run(TokenBatch batch, IForwardObserver observer, CancellationToken cancellation = default) => Run(batch, observer, intervention: null, cancellation);

    /// <summary>Runs a batch through the model, as far as the observer's last layer, with changes on the way.</summary>
    /// <param name="batch">Packed texts.</param>
    /// <param name="observer">Sees the sites that it asks for, as they are after the changes.</param>
    /// <param name="intervention">Makes the changes; null for none.</param>
    /// <param name="cancellation">Stops at the next row tile.</param>
    /// <exception cref="InputRefusedException">An id is not in the vocabulary, or a text is longer than the context.</exception>
    /// <exception cref="NotFiniteException">A residual is not finite.</exception>
    public void Run(TokenBatch batch, IForwardObserver observer, IForwardIntervention? intervention, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(observer);
        int layers = _model.Spec.LayerCount;
        bool logits = observer.Sites(layers).Contains(Site.Logits);
        int last = logits ? layers - 1 : Enumerable.Range(0, layers).LastOrDefault(layer => !observer.Sites(layer).IsEmpty, -1);
        if (batch.RowCount == 0 || last < 0)
        {
            return;
        }

        MatrixView residual = Embed(batch, cancellation);
        Prepare(last, cancellation);
        WorkItem[] items = WorkItem.Divide(batch, Threads);
        bool few = batch.RowCount <= FewRows;
        LayerWeights weights = Weights(0);
        Task<LayerWeights>? next = null;
        try
        {
            for (int layer = 0; layer <= last; layer++)
            {
                next = layer < last ? NextWeights(layer + 1, few) : null;
                RunLayer(layer, weights, batch, residual, items, observer, Changing(intervention, layer), needsOutput: layer < last || logits, cancellation);
                observer.LayerDone(layer);
                if (!_keepLayers)
                {
                    weights.Dispose();
                }

                weights = next?.GetAwaiter().GetResult()!;
                next = null;
            }
        }
        finally
        {
            if (!_keepLayers)
            {
                weights?.Dispose();
                next?.GetAwaiter().GetResult().Dispose();
            }
        }

        if (logits)
        {
            RunHead(batch, residual, observer, cancellation);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pool.Dispose();
        foreach (LayerWeights? weights in _kept)
        {
            weights?.Dispose();
        }

        foreach (BlockRunner worker in _workers)
        {
            worker.Dispose();
        }

        _head?.Dispose();
        _embedder.Dispose();
        _residual.Dispose();
        _layerMemory.Dispose();
    }

    private LayerWeights Load(int layer, bool inParallel) => LayerWeights.Load(_model.Spec.Blocks[layer], _reader, inParallel ? Threads : 1);

    private LayerWeights Weights(int layer) => _keepLayers ? _kept[layer]! : Load(layer, inParallel: true);

    private Task<LayerWeights> NextWeights(int layer, bool inParallel)
        => _keepLayers ? Task.FromResult(_kept[layer]!) : Task.Run(() => Load(layer, inParallel));

    private MatrixView Embed(TokenBatch batch, CancellationToken cancellation)
    {
        batch.RequireFits(_model.Spec);
        int width = _model.Spec.Width;
        long floats = (long)batch.RowCount * width;
        if (_residual.Length < floats)
        {
            _residual.Dispose();
            _residual = new AlignedBuffer(floats);
        }

        MatrixView residual = _residual.Matrix(batch.RowCount, width);   // [T, D]
        _pool.Run(batch.TextCount, (_, text) => _embedder.Embed(batch, text, residual), cancellation);
        return residual;
    }

    private void RunLayer(int layer, LayerWeights weights, TokenBatch batch, MatrixView residual, WorkItem[] items, IForwardObserver observer, IForwardIntervention? intervention, bool needsOutput, CancellationToken cancellation)
        => _pool.Run(items.Length, (worker, item) =>
            _workers[worker].Run(layer, weights, batch, items[item], residual, observer, intervention, needsOutput, cancellation), cancellation);

    private static IForwardIntervention? Changing(IForwardIntervention? intervention, int layer) => intervention is not null && intervention.ChangesMemories(layer) ? intervention : null;

    private void RunHead(TokenBatch batch, MatrixView residual, IForwardObserver observer, CancellationToken cancellation)
    {
        _head ??= new Head(_model.Spec, _reader);
        int layer = _model.Spec.LayerCount;
        _head.Run(residual, _pool, (first, logits) => observer.Observe(Site.Logits, layer, first, logits), cancellation);
    }
}
