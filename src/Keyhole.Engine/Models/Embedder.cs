using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models;

/// <summary>The first residual: token embedding, projected where the model does so, plus the position's embedding.</summary>
internal sealed class Embedder : IDisposable
{
    private readonly ModelSpec _spec;
    private readonly Checkpoint _checkpoint;
    private readonly TensorInfo _tokens;
    private readonly float[] _positions;          // [rows, D], or empty
    private readonly PackedMatrix? _projection;   // [D, E]

    public Embedder(ModelSpec spec, Checkpoint checkpoint, WeightReader reader)
    {
        _spec = spec;
        _checkpoint = checkpoint;
        _tokens = checkpoint.Require(spec.Embedding.Tokens);
        _positions = reader.Vector(spec.Embedding.Positions);
        _projection = spec.Embedding.ProjectIn is { } map ? reader.Pack(map) : null;
    }

    /// <summary>Writes the rows of one text.</summary>
    public void Embed(TokenBatch batch, int text, MatrixView residual)
    {
        int start = batch.Start(text);
        ReadOnlySpan<int> ids = batch.Ids.Span.Slice(start, batch.Length(text));
        int width = _spec.Width;
        using AlignedBuffer? narrow = _projection is null ? null : new AlignedBuffer((long)ids.Length * _spec.Embedding.TokenWidth);
        MatrixView rows = residual.RowRange(start, ids.Length);
        MatrixView embedded = narrow?.Matrix(ids.Length, _spec.Embedding.TokenWidth) ?? rows;
        for (int position = 0; position < ids.Length; position++)
        {
            _checkpoint.ReadFloats(_tokens, (long)ids[position] * _spec.Embedding.TokenWidth, embedded.Row(position));
        }

        if (_projection is not null)
        {
            Gemm.Multiply(embedded, _projection, rows);
        }

        if (_positions.Length > 0)
        {
            for (int position = 0; position < ids.Length; position++)
            {
                Elementwise.Add(rows.Row(position), _positions.AsSpan((position + _spec.Embedding.PositionOffset) * width, width));
            }
        }
    }

    public void Dispose() => _projection?.Dispose();
}
