using Keyhole.Engine.Numerics;

namespace Keyhole.Mining.Nulls;

/// <summary>Scratch memory of one worker, which grows to the largest tile that it met.</summary>
internal sealed class NullScratch : IDisposable
{
    private const int Pad = 16;   // a cache line between rows, so that equal columns of neighbouring rows fall into different cache sets

    private AlignedBuffer _buffer = new(0);

    /// <summary>Bytes of a tile.</summary>
    public static long Bytes(int rows, int columns) => sizeof(float) * (long)rows * (columns + Pad);

    /// <summary>A tile, [rows, columns]; what it held is kept where it has been as wide before.</summary>
    public MatrixView Tile(int rows, int columns)
    {
        long floats = (long)rows * (columns + Pad);
        if (_buffer.Length < floats)
        {
            _buffer.Dispose();
            _buffer = new AlignedBuffer(floats);
        }

        return _buffer.Matrix(rows, columns, columns + Pad);
    }

    public void Dispose() => _buffer.Dispose();
}
