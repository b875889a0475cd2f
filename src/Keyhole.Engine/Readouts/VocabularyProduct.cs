using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Readouts;

/// <summary>Multiplies rows with matrices of a band's tokens, tile by tile, and hands every strip of z on while it is in cache: no [rows, V] matrix is ever kept.</summary>
internal sealed class VocabularyProduct(WeightReader reader, int threads) : IDisposable
{
    /// <summary>Most rows of a block that one worker takes.</summary>
    public const int MostRows = 240;

    private const int StripTokens = 256;   // logits of a row block stay in the second-level cache until they are looked at
    private const int TileTokens = 2048;
    private const int Pad = 16;            // rows of logits must not start a multiple of 4 KiB apart

    private readonly WorkerPool _pool = new(threads);
    private readonly AlignedBuffer[] _logits = [.. Enumerable.Range(0, threads).Select(_ => new AlignedBuffer((long)MostRows * (StripTokens + Pad)))];   // a worker's [rows, strip]

    /// <summary>z = rows W^T for the tokens of a band.</summary>
    /// <param name="band">The band.</param>
    /// <param name="rows">Rows of the band's width, [n, width].</param>
    /// <param name="sink">Takes the strips, several rows at once.</param>
    /// <param name="done">Told how many tokens are done since it was last told, or null.</param>
    /// <param name="cancellation">Stops at the next row block.</param>
    public void Run(VocabularyBand band, MatrixView rows, IStripSink sink, Action<int>? done, CancellationToken cancellation)
    {
        LinearSpec words = band.Words;
        using var tile = new PackedMatrix(Math.Min(TileTokens, words.Outputs), words.Inputs);
        for (int first = 0; first < words.Outputs; first += TileTokens)
        {
            int tokens = Math.Min(TileTokens, words.Outputs - first);
            reader.PackRows(words, first, tokens, tile, _pool, cancellation);
            ForBlocks(rows.Rows, words.Inputs, (worker, firstRow, count) => Multiply(rows.RowRange(firstRow, count), firstRow, tile, band.FirstToken + first, tokens, _logits[worker], sink), cancellation);
            done?.Invoke(tokens);
        }
    }

    /// <summary>Divides rows into blocks for the workers: as many as the product takes at a time, fewer where there would be too few blocks for the threads.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="width">Their width.</param>
    /// <param name="work">Called with the worker, the block's first row and its number of rows.</param>
    /// <param name="cancellation">Stops at the next block.</param>
    public void ForBlocks(int rows, int width, Action<int, int, int> work, CancellationToken cancellation)
    {
        int most = Math.Min(MostRows, Gemm.RowBlock(width));
        int even = (rows + (4 * _pool.Threads) - 1) / (4 * _pool.Threads);
        int size = Math.Clamp((even + 11) / 12 * 12, 12, most);
        _pool.Run((rows + size - 1) / size, (worker, block) => work(worker, block * size, Math.Min(size, rows - (block * size))), cancellation);
    }

    public void Dispose()
    {
        _pool.Dispose();
        foreach (AlignedBuffer logits in _logits)
        {
            logits.Dispose();
        }
    }

    private static void Multiply(MatrixView rows, int firstRow, PackedMatrix tile, int firstToken, int tokens, AlignedBuffer scratch, IStripSink sink)
    {
        for (int at = 0; at < tokens; at += StripTokens)
        {
            int count = Math.Min(StripTokens, tokens - at);
            MatrixView logits = scratch.Matrix(rows.Rows, count, StripTokens + Pad);
            Gemm.MultiplyOutputs(rows, tile, at, logits);
            for (int row = 0; row < rows.Rows; row++)
            {
                sink.Add(firstRow + row, logits.Row(row), firstToken + at);
            }
        }
    }
}
