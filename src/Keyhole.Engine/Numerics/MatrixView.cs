namespace Keyhole.Engine.Numerics;

/// <summary>A row-major matrix of floats in native or pinned memory that somebody else owns.</summary>
/// <remarks>The view does not keep its memory alive: its owner must outlive it.</remarks>
public readonly unsafe struct MatrixView
{
    /// <summary>Describes memory.</summary>
    /// <param name="start">Element (0, 0).</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="stride">Floats from the start of a row to the start of the next, at least <paramref name="columns"/>.</param>
    public MatrixView(float* start, int rows, int columns, int stride)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, columns);
        Start = start;
        Rows = rows;
        Columns = columns;
        Stride = stride;
    }

    /// <summary>Element (0, 0).</summary>
    public float* Start { get; }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Number of columns.</summary>
    public int Columns { get; }

    /// <summary>Floats from the start of a row to the start of the next.</summary>
    public int Stride { get; }

    /// <summary>One row.</summary>
    public Span<float> Row(int row)
    {
        if ((uint)row >= (uint)Rows)
        {
            throw new ArgumentOutOfRangeException(nameof(row), row, $"The matrix has {Rows} rows.");
        }

        return new Span<float>(Start + ((long)row * Stride), Columns);
    }

    /// <summary>Consecutive rows.</summary>
    public MatrixView RowRange(int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start + count, Rows);
        return new MatrixView(Start + ((long)start * Stride), count, Columns, Stride);
    }

    /// <summary>Consecutive columns of every row.</summary>
    public MatrixView ColumnRange(int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start + count, Columns);
        return new MatrixView(Start + start, Rows, count, Stride);
    }

    /// <summary>The same start with another number of rows, for which the memory must have room.</summary>
    internal MatrixView WithRows(int rows) => new(Start, rows, Columns, Stride);
}
