using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models;

/// <summary>Final norm, projection and output embedding: residual rows to logits.</summary>
internal sealed class Head : IDisposable
{
    /// <summary>Rows that are read out at a time.</summary>
    public const int RowTile = 48;

    private readonly ModelSpec _spec;
    private readonly NormWeights? _norm;
    private readonly PackedMatrix? _projection;   // [E, D]
    private readonly PackedMatrix _output;        // [V, E]

    public Head(ModelSpec spec, WeightReader reader)
    {
        _spec = spec;
        _norm = spec.Head.Norm is { } norm ? new NormWeights(norm, reader) : null;
        _projection = spec.Head.ProjectOut is { } map ? reader.Pack(map) : null;
        _output = reader.Pack(new LinearSpec(spec.Head.Output, null, spec.VocabularySize, spec.Head.ProjectOut?.Outputs ?? spec.Width));
    }

    /// <summary>Reads out rows of the last residual [rows, D] and hands the logits [rows, V] on.</summary>
    public void Run(MatrixView residual, Action<MatrixView> use)
    {
        using var state = new AlignedBuffer((long)residual.Rows * _spec.Width);
        MatrixView normed = residual;
        if (_norm is not null)
        {
            normed = state.Matrix(residual.Rows, _spec.Width);
            _norm.Apply(residual, normed);
        }

        using AlignedBuffer? narrow = _projection is null ? null : new AlignedBuffer((long)residual.Rows * _projection.Outputs);
        MatrixView read = normed;
        if (_projection is not null)
        {
            read = narrow!.Matrix(residual.Rows, _projection.Outputs);
            Gemm.Multiply(normed, _projection, read);
        }

        using var buffer = new AlignedBuffer((long)residual.Rows * _output.Outputs);
        MatrixView logits = buffer.Matrix(residual.Rows, _output.Outputs);
        Gemm.Multiply(read, _output, logits);
        use(logits);
    }

    public void Dispose()
    {
        _projection?.Dispose();
        _output.Dispose();
    }
}
