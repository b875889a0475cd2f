using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;
using Keyhole.Engine.Readouts;

namespace Keyhole.Composition;

/// <summary>Reads rows of states and vectors out over the vocabulary, with room for the prepared rows that is used again.</summary>
internal sealed class StateScan(VocabularyReader reader, int mostRows) : IDisposable
{
    private readonly AlignedBuffer _prepared = new((long)mostRows * reader.Width);

    /// <summary>Whether the model's readout of a state orders tokens as the folded one does.</summary>
    public bool ModelRanksAsFolded => reader.ModelRanksAsFolded;

    /// <summary>The model's readout of states [n, D].</summary>
    /// <param name="states">Residual states.</param>
    /// <param name="options">What is kept; scales are filled in.</param>
    /// <param name="cancellation">Stops the scan.</param>
    public ScanResult Model(MatrixView states, ScanOptions options, CancellationToken cancellation)
    {
        MatrixView prepared = _prepared.Matrix(states.Rows, reader.Width);
        var scales = new float[states.Rows];
        reader.PrepareStates(states, prepared, scales);
        return reader.Scan(prepared, options with { Scales = scales }, cancellation: cancellation);
    }

    /// <summary>Top tokens of vectors [n, D] by a linear readout, [n].</summary>
    public int[] LinearTops(Readout readout, MatrixView vectors, CancellationToken cancellation) => Linear(readout, vectors, new ScanOptions { Top = 1 }, cancellation).TopTokens;

    /// <summary>A linear readout of vectors [n, D].</summary>
    /// <param name="readout">Folded or raw.</param>
    /// <param name="vectors">States or updates.</param>
    /// <param name="options">What is kept, without scales.</param>
    /// <param name="cancellation">Stops the scan.</param>
    public ScanResult Linear(Readout readout, MatrixView vectors, ScanOptions options, CancellationToken cancellation)
    {
        MatrixView prepared = _prepared.Matrix(vectors.Rows, reader.Width);
        reader.Prepare(readout, vectors, prepared);
        return reader.Scan(prepared, options, cancellation: cancellation);
    }

    /// <summary>Top tokens of states [n, D] by the model's readout, and by a linear one.</summary>
    public (int[] Model, int[] Linear) Tops(Readout linear, MatrixView states, CancellationToken cancellation)
    {
        bool folded = linear == Readout.Folded;
        ScanResult scan = Model(states, new ScanOptions { Top = 1, LinearTop = folded && !ModelRanksAsFolded }, cancellation);
        return (scan.TopTokens, LinearOf(scan, linear, states, cancellation));
    }

    /// <summary>The linear top tokens of states that were just read out with <see cref="ScanOptions.LinearTop"/> where it differs from the model's.</summary>
    public int[] LinearOf(ScanResult scan, Readout linear, MatrixView states, CancellationToken cancellation)
    {
        if (linear != Readout.Folded)
        {
            return LinearTops(linear, states, cancellation);
        }

        return ModelRanksAsFolded ? scan.TopTokens : scan.LinearTop;
    }

    public void Dispose() => _prepared.Dispose();

    /// <summary>Bytes of prepared rows and results that one row takes.</summary>
    public static long BytesPerRow(ModelSpec spec, int probes) => (sizeof(float) * (long)(spec.Head.ProjectOut?.Outputs ?? spec.Width)) + 64 + (16L * probes);
}
