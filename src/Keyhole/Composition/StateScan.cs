using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;
using Keyhole.Engine.Readouts;

namespace Keyhole.Composition;

/// <summary>Reads rows of states and vectors out over the vocabulary, with room for the prepared rows that is used again.</summary>
internal sealed class StateScan(VocabularyReader reader, int mostRows) : IDisposable
{
    private readonly AlignedBuffer _prepared = new((long)mostRows * reader.Width);

    /// <summary>Whether a scan by the model's readout can tell the top tokens of another readout along with its own, and must be asked to.</summary>
    /// <param name="other">Folded or raw.</param>
    public bool TellsLinearTop(Readout other) => other == Readout.Folded && !reader.ModelRanksAsFolded && reader.IsLinear;

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

    /// <summary>Top tokens of vectors [n, D] by the folded or raw readout, [n].</summary>
    public int[] LinearTops(Readout readout, MatrixView vectors, CancellationToken cancellation) => Linear(readout, vectors, new ScanOptions { Top = 1 }, cancellation).TopTokens;

    /// <summary>The folded or raw readout of vectors [n, D].</summary>
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

    /// <summary>Top tokens of states [n, D] by the model's readout, and by the folded or raw one.</summary>
    public (int[] Model, int[] Linear) Tops(Readout linear, MatrixView states, CancellationToken cancellation)
    {
        ScanResult scan = Model(states, new ScanOptions { Top = 1, LinearTop = TellsLinearTop(linear) }, cancellation);
        return (scan.TopTokens, LinearOf(scan, linear, states, cancellation));
    }

    /// <summary>The folded or raw top tokens of states that were just read out with <see cref="ScanOptions.LinearTop"/> where <see cref="TellsLinearTop"/>.</summary>
    public int[] LinearOf(ScanResult scan, Readout linear, MatrixView states, CancellationToken cancellation)
    {
        if (TellsLinearTop(linear))
        {
            return scan.LinearTop;
        }

        return linear == Readout.Folded && reader.ModelRanksAsFolded ? scan.TopTokens : LinearTops(linear, states, cancellation);
    }

    public void Dispose() => _prepared.Dispose();

    /// <summary>Bytes of prepared rows and results that one row takes.</summary>
    public static long BytesPerRow(ModelSpec spec, int probes) => (sizeof(float) * (long)(spec.Head.ProjectOut?.Outputs ?? spec.Width)) + 64 + (16L * probes);
}
