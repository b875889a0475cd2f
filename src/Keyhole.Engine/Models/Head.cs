using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models;

/// <summary>Final norm, projection and output embedding: residual rows to logits.</summary>
internal sealed class Head : IDisposable
{
    /// <summary>Rows that are read out at a time.</summary>
    public const int RowTile = 48;

    /// <summary>Up to so many rows the output embedding is packed in passing, a tile at a time, and not kept: that is quicker than to write it all down for them.</summary>
    public const int FewRows = 4 * RowTile;

    private const int TileTokens = 1024;

    private readonly ModelSpec _spec;
    private readonly WeightReader _reader;
    private readonly NormWeights? _norm;
    private readonly PackedMatrix? _projection;   // [E, D]
    private readonly LinearSpec _output;          // [V, E]; unused with an adaptive softmax
    private PackedMatrix? _packed;                // of it, when first needed whole
    private readonly float[] _bias;               // [V], or empty
    private readonly AdaptiveSoftmax? _adaptive;

    public Head(ModelSpec spec, WeightReader reader)
    {
        _spec = spec;
        _norm = NormWeights.Load(spec.Head.Norm, reader);
        _projection = spec.Head.ProjectOut is { } map ? reader.Pack(map) : null;
        _bias = reader.Vector(spec.Head.Bias);
        _reader = reader;
        _output = new LinearSpec(spec.Head.Output, null, spec.VocabularySize, spec.Head.ProjectOut?.Outputs ?? spec.Width);
        _adaptive = spec.Head.Adaptive is { } adaptive ? new AdaptiveSoftmax(adaptive, reader) : null;
    }

    /// <summary>Reads out rows of the last residual and hands the logits on, a row tile at a time.</summary>
    /// <param name="residual">Shape [T, D].</param>
    /// <param name="pool">Threads.</param>
    /// <param name="use">Called with the first row of a tile and its logits [rows, V], by several threads at once.</param>
    /// <param name="cancellation">Stops between tiles.</param>
    public void Run(MatrixView residual, WorkerPool pool, Action<int, MatrixView> use, CancellationToken cancellation)
    {
        if (residual.Rows <= FewRows && _packed is null && _adaptive is null)
        {
            RunFew(residual, pool, use, cancellation);
            return;
        }

        if (_adaptive is null)
        {
            _packed ??= Pack(pool, cancellation);
        }

        pool.Run((residual.Rows + RowTile - 1) / RowTile, (_, tile) =>
        {
            int first = tile * RowTile;
            RunTile(residual.RowRange(first, Math.Min(RowTile, residual.Rows - first)), logits => use(first, logits));
        }, cancellation);
    }

    private void RunTile(MatrixView residual, Action<MatrixView> use)
    {
        using var buffer = new AlignedBuffer((long)residual.Rows * _spec.VocabularySize);
        MatrixView logits = buffer.Matrix(residual.Rows, _spec.VocabularySize);
        Read(residual, read =>
        {
            if (_adaptive is not null)
            {
                _adaptive.LogProbabilities(read, logits);
            }
            else
            {
                Gemm.Multiply(read, _packed!, logits, _bias);
            }
        });
        Cap(logits);
        use(logits);
    }

    // Each tile of the vocabulary is packed by the thread that multiplies with it. The same products, so the same bits.
    private void RunFew(MatrixView residual, WorkerPool pool, Action<int, MatrixView> use, CancellationToken cancellation)
    {
        using var buffer = new AlignedBuffer((long)residual.Rows * _spec.VocabularySize);
        MatrixView logits = buffer.Matrix(residual.Rows, _spec.VocabularySize);
        RowReader rows = _reader.RowsOf(_output);
        Read(residual, read => pool.Run((_output.Outputs + TileTokens - 1) / TileTokens, (_, tile) =>
        {
            int first = tile * TileTokens;
            int tokens = Math.Min(TileTokens, _output.Outputs - first);
            using PackedMatrix part = PackedMatrix.Pack(tokens, _output.Inputs, (start, into) => rows(first + start, into));
            Gemm.Multiply(read, part, logits.ColumnRange(first, tokens), _bias.Length == 0 ? default : _bias.AsSpan(first, tokens));
        }, cancellation));
        Cap(logits);
        use(0, logits);
    }

    private PackedMatrix Pack(WorkerPool pool, CancellationToken cancellation)
    {
        var packed = new PackedMatrix(_output.Outputs, _output.Inputs);
        try
        {
            _reader.PackRows(_output, 0, _output.Outputs, packed, pool, cancellation);
            return packed;
        }
        catch
        {
            packed.Dispose();
            throw;
        }
    }

    // The norm and the projection before the output embedding; what they give lives during the call.
    private void Read(MatrixView residual, Action<MatrixView> use)
    {
        using AlignedBuffer? state = _norm is null ? null : new AlignedBuffer((long)residual.Rows * _spec.Width);
        using AlignedBuffer? narrow = _projection is null ? null : new AlignedBuffer((long)residual.Rows * _projection.Outputs);
        MatrixView read = residual;
        if (_norm is not null)
        {
            read = state!.Matrix(residual.Rows, _spec.Width);
            _norm.Apply(residual, read);
        }

        if (_projection is not null)
        {
            MatrixView projected = narrow!.Matrix(residual.Rows, _projection.Outputs);
            Gemm.Multiply(read, _projection, projected);
            read = projected;
        }

        use(read);
    }

    private void Cap(MatrixView logits)
    {
        for (int row = 0; row < logits.Rows && _spec.Head.SoftCap is not null; row++)
        {
            Elementwise.SoftCap(logits.Row(row), 1, _spec.Head.SoftCap.Value);
        }
    }

    public void Dispose()
    {
        _projection?.Dispose();
        _packed?.Dispose();
        _adaptive?.Dispose();
    }
}
