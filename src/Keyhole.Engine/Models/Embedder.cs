using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models;

/// <summary>The first residual: token embedding, projected and scaled where the model does so, plus the position's embedding, normed where there is a norm.</summary>
internal sealed class Embedder : IDisposable
{
    private readonly ModelSpec _spec;
    private readonly Checkpoint _checkpoint;
    private readonly Band[] _bands;
    private readonly float[] _positions;          // [rows, D], or empty
    private readonly double[] _frequencies;       // of sinusoidal positions, or empty
    private readonly NormWeights? _norm;

    public Embedder(ModelSpec spec, Checkpoint checkpoint, WeightReader reader)
    {
        _spec = spec;
        _checkpoint = checkpoint;
        EmbeddingSpec embedding = spec.Embedding;
        _bands = embedding.Bands.IsEmpty
            ? [new Band(0, checkpoint.Require(embedding.Tokens), embedding.TokenWidth, embedding.ProjectIn is { } map ? reader.Pack(map) : null)]
            : [.. embedding.Bands.Select(band => new Band(band.FirstToken, checkpoint.Require(band.Tokens), band.Projection.Inputs, reader.Pack(band.Projection)))];
        _positions = reader.Vector(embedding.Positions);
        _norm = NormWeights.Load(embedding.Norm, reader);
        int half = spec.Width / 2;
        _frequencies = embedding.SinusoidalPositions ? [.. Enumerable.Range(0, half).Select(j => DoubleMath.Exp(-j * DoubleMath.Log(10000) / (half - 1)))] : [];
    }

    /// <summary>Writes the rows of one text.</summary>
    public void Embed(TokenBatch batch, int text, MatrixView residual)
    {
        int start = batch.Start(text);
        ReadOnlySpan<int> ids = batch.Ids.Span.Slice(start, batch.Length(text));
        MatrixView rows = residual.RowRange(start, ids.Length);
        foreach (Band band in _bands)
        {
            EmbedTokens(band, ids, rows);
        }

        for (int position = 0; position < ids.Length; position++)
        {
            Span<float> row = rows.Row(position);
            if (_spec.Embedding.Scale != 1)
            {
                Elementwise.Scale(row, _spec.Embedding.Scale);
            }

            int at = position + _spec.Embedding.PositionOffset;
            if (_positions.Length > 0)
            {
                Elementwise.Add(row, _positions.AsSpan(at * _spec.Width, _spec.Width));
            }

            for (int j = 0; j < _frequencies.Length; j++)
            {
                (double sin, double cos) = DoubleMath.SinCos(at * _frequencies[j]);
                row[j] += (float)sin;
                row[_frequencies.Length + j] += (float)cos;
            }
        }

        _norm?.Apply(rows, rows);
    }

    public void Dispose()
    {
        foreach (Band band in _bands)
        {
            band.Projection?.Dispose();
        }
    }

    // The tokens of a band; a projection takes them together.
    private void EmbedTokens(Band band, ReadOnlySpan<int> ids, MatrixView rows)
    {
        int next = Array.IndexOf(_bands, band) + 1;
        int end = next < _bands.Length ? _bands[next].FirstToken : int.MaxValue;
        int[] positions = new int[ids.Length];
        int count = 0;
        for (int position = 0; position < ids.Length; position++)
        {
            if (ids[position] >= band.FirstToken && ids[position] < end)
            {
                positions[count++] = position;
            }
        }

        if (band.Projection is null)
        {
            for (int i = 0; i < count; i++)
            {
                Read(band, ids[positions[i]], rows.Row(positions[i]));
            }

            return;
        }

        using var narrow = new AlignedBuffer((long)count * band.Width);
        using var wide = new AlignedBuffer((long)count * _spec.Width);
        MatrixView embedded = narrow.Matrix(count, band.Width);
        MatrixView projected = wide.Matrix(count, _spec.Width);
        for (int i = 0; i < count; i++)
        {
            Read(band, ids[positions[i]], embedded.Row(i));
        }

        Gemm.Multiply(embedded, band.Projection, projected);
        for (int i = 0; i < count; i++)
        {
            projected.Row(i).CopyTo(rows.Row(positions[i]));
        }
    }

    private void Read(Band band, int id, Span<float> row)
        => _checkpoint.ReadFloats(band.Tokens, (long)(id - band.FirstToken) * band.Width, row);

    private sealed record Band(int FirstToken, TensorInfo Tokens, int Width, PackedMatrix? Projection);
}
