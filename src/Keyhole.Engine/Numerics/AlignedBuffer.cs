using System.Runtime.InteropServices;

namespace Keyhole.Engine.Numerics;

/// <summary>Owner of native memory for floats, aligned to a cache line (64 bytes) and zeroed at the start.</summary>
/// <remarks>Native, so that gigabytes of weights never move and cost the garbage collector nothing.</remarks>
public sealed unsafe class AlignedBuffer : IDisposable
{
    private const int AlignmentBytes = 64;
    private float* _start;

    /// <summary>Allocates <paramref name="length"/> floats, all zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative length.</exception>
    /// <exception cref="OutOfMemoryException">The system has no such block.</exception>
    public AlignedBuffer(long length)
        : this(length, cleared: true)
    {
    }

    /// <summary>Allocates <paramref name="length"/> floats, zero or whatever stood there.</summary>
    internal AlignedBuffer(long length, bool cleared)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        nuint bytes = checked((nuint)Math.Max(1, length) * sizeof(float));
        _start = (float*)NativeMemory.AlignedAlloc(bytes, AlignmentBytes);
        if (cleared)
        {
            NativeMemory.Clear(_start, bytes);
        }
    }

    /// <summary>Frees the memory if the owner was forgotten.</summary>
    ~AlignedBuffer() => Free();

    /// <summary>Number of floats.</summary>
    public long Length { get; }

    /// <summary>The first float; valid until disposal.</summary>
    public float* Start
    {
        get
        {
            ObjectDisposedException.ThrowIf(_start is null, this);
            return _start;
        }
    }

    /// <summary>A part of the buffer as a span.</summary>
    public Span<float> Span(long start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start + length, Length);
        return new Span<float>(Start + start, length);
    }

    /// <summary>The buffer as a matrix whose rows follow each other without a gap.</summary>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="stride">Floats from one row to the next; <paramref name="columns"/> if 0.</param>
    public MatrixView Matrix(int rows, int columns, int stride = 0)
    {
        int step = stride == 0 ? columns : stride;
        if (rows > 0)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(((long)(rows - 1) * step) + columns, Length);
        }

        return new MatrixView(Start, rows, columns, step);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_start is not null)
        {
            NativeMemory.AlignedFree(_start);
            _start = null;
        }
    }
}
