using Keyhole.Engine.Numerics;

namespace Keyhole.Features;

/// <summary>Shows the coefficients of a bank at every position of a sample, tile by tile, to several threads.</summary>
/// <remarks>
/// Rows of one text, and of one group of texts, come in order and to one thread: what is summed by text or group does not depend on threads. The first pass keeps the coefficients for
/// those after it where they take little memory; otherwise each computes them.
/// </remarks>
internal sealed class BankPasses : IDisposable
{
    private const int TileRows = 240;   // coefficients and outputs of a tile stay near the processor
    private const long MostKeptBytes = 256L << 20;

    private readonly FeatureBank _bank;
    private readonly AlignedBuffer? _kept;   // [P, M]
    private readonly int _layer;
    private readonly LayerInputs _inputs;
    private readonly ParallelOptions _parallel;
    private readonly (int First, int Count)[] _groups;
    private bool _isKept;

    /// <param name="bank">The bank.</param>
    /// <param name="layer">The layer that the inputs are of.</param>
    /// <param name="inputs">What it reads.</param>
    /// <param name="sample">The sample.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="cancellation">Stops between tiles.</param>
    public BankPasses(FeatureBank bank, int layer, LayerInputs inputs, FeatureSample sample, int threads, CancellationToken cancellation)
    {
        (_bank, _layer, _inputs, Sample) = (bank, layer, inputs, sample);
        long floats = (long)sample.Positions * bank.Memories;
        _kept = floats * sizeof(float) <= MostKeptBytes ? new AlignedBuffer(floats) : null;
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        _groups = [.. sample.Groups(TileRows)];
    }

    /// <summary>The sample.</summary>
    public FeatureSample Sample { get; }

    /// <summary>Groups of texts.</summary>
    public int Groups => _groups.Length;

    /// <summary>Goes through all positions once.</summary>
    /// <param name="begin">Makes what a thread needs of its own.</param>
    /// <param name="see">Takes a tile.</param>
    /// <param name="end">Takes what a thread made, one thread at a time.</param>
    public void Run<T>(Func<T> begin, SeeTile<T> see, Action<T> end)
    {
        var merging = new Lock();
        Parallel.For(0, _groups.Length, _parallel, () => (Scratch: new BankScratch(_bank, TileRows), Own: begin()), (group, _, local) =>
        {
            (int first, int count) = _groups[group];
            int start = Sample.Texts[first].Start;
            int stop = Sample.Texts[first + count - 1].Start + Sample.Texts[first + count - 1].Count;
            for (int position = start; position < stop; position += TileRows)
            {
                _parallel.CancellationToken.ThrowIfCancellationRequested();
                int rows = Math.Min(TileRows, stop - position);
                MatrixView router = _inputs.Router(_layer, position, rows);
                MatrixView coefficients = local.Scratch.Coefficients(rows);
                Read(position, router, coefficients, local.Scratch);
                see(new FeatureTile(group, position, coefficients, router), local.Scratch, local.Own);
            }

            return local;
        }, local =>
        {
            local.Scratch.Dispose();
            lock (merging)
            {
                end(local.Own);
            }
        });
        _isKept = _kept is not null;
    }

    /// <inheritdoc/>
    public void Dispose() => _kept?.Dispose();

    private void Read(int position, MatrixView router, MatrixView coefficients, BankScratch scratch)
    {
        Span<float> Kept(int row) => _kept!.Span((long)(position + row) * _bank.Memories, _bank.Memories);
        if (!_isKept)
        {
            _bank.Coefficients(_inputs.Inputs(position, coefficients.Rows), router, coefficients, scratch);
        }

        for (int row = 0; row < coefficients.Rows && _kept is not null; row++)
        {
            if (_isKept)
            {
                Kept(row).CopyTo(coefficients.Row(row));
            }
            else
            {
                coefficients.Row(row).CopyTo(Kept(row));
            }
        }
    }
}

/// <summary>Takes a tile.</summary>
/// <param name="tile">The tile; its coefficients may be changed.</param>
/// <param name="scratch">Memory of the calling thread.</param>
/// <param name="own">What the thread made for itself.</param>
internal delegate void SeeTile<in T>(FeatureTile tile, BankScratch scratch, T own);

/// <summary>Coefficients at consecutive positions of the sample, of one group of texts.</summary>
/// <param name="Group">The group.</param>
/// <param name="First">The first position.</param>
/// <param name="Coefficients">m, shape [rows, M].</param>
/// <param name="Router">The router's weights, shape [rows, experts]; without rows where the layer has no router.</param>
internal readonly record struct FeatureTile(int Group, int First, MatrixView Coefficients, MatrixView Router);
