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
    private readonly PackedMatrix? _output;       // [V, E]; null with an adaptive softmax
    private readonly float[] _bias;               // [V], or empty
    private readonly AdaptiveSoftmax? _adaptive;

    public Head(ModelSpec spec, WeightReader reader)
    {
        _spec = spec;
        _norm = NormWeights.Load(spec.Head.Norm, reader);
        _projection = spec.Head.ProjectOut is { } map ? reader.Pack(map) : null;
        _bias = reader.Vector(spec.Head.Bias);
        if (spec.Head.Adaptive is { } adaptive)
        {
            _adaptive = new AdaptiveSoftmax(adaptive, reader);
        }
        else
        {
            _output = reader.Pack(new LinearSpec(spec.Head.Output, null, spec.VocabularySize, spec.Head.ProjectOut?.Outputs ?? spec.Width));
        }
    }

    /// <summary>Reads out rows of the last residual [rows, D] and hands the logits [rows, V] on.</summary>
    public void Run(MatrixView residual, Action<MatrixView> use)
    {
        using var state = new AlignedBuffer((long)residual.Rows * _spec.Width);
        MatrixView read = residual;
        if (_norm is not null)
        {
            read = state.Matrix(residual.Rows, _spec.Width);
            _norm.Apply(residual, read);
        }

        using AlignedBuffer? narrow = _projection is null ? null : new AlignedBuffer((long)residual.Rows * _projection.Outputs);
        if (_projection is not null)
        {
            MatrixView projected = narrow!.Matrix(residual.Rows, _projection.Outputs);
            Gemm.Multiply(read, _projection, projected);
            read = projected;
        }

        using var buffer = new AlignedBuffer((long)residual.Rows * _spec.VocabularySize);
        MatrixView logits = buffer.Matrix(residual.Rows, _spec.VocabularySize);
        if (_adaptive is not null)
        {
            _adaptive.LogProbabilities(read, logits);
        }
        else
        {
            Gemm.Multiply(read, _output!, logits, _bias);
        }

        for (int row = 0; row < logits.Rows && _spec.Head.SoftCap is not null; row++)
        {
            Elementwise.SoftCap(logits.Row(row), 1, _spec.Head.SoftCap.Value);
        }

        use(logits);
    }

    public void Dispose()
    {
        _projection?.Dispose();
        _output?.Dispose();
        _adaptive?.Dispose();
    }
}
