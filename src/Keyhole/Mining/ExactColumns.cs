using System.Runtime.Intrinsics;
using Keyhole.Engine.Numerics;
using Keyhole.Memories;

namespace Keyhole.Mining;

/// <summary>Exact sums of doubles, one a column, sixteen columns at a time.</summary>
/// <remarks>
/// A column's sum is high + low + spill, exactly. Adding x is two error-free additions (Knuth 1969, TwoSum): high + x gives a rounded sum and its
/// error, low + that error gives another; what is left after both, as a rule nothing, goes to the spill, an exact big number. So any order and
/// grouping of the same doubles gives the same number.
/// </remarks>
internal sealed unsafe class ExactColumns : IDisposable
{
    private readonly DoubleBuffer _high;
    private readonly DoubleBuffer _low;
    private readonly Dictionary<int, ExactSum> _spill = [];

    /// <param name="columns">Columns, a multiple of 16.</param>
    public ExactColumns(int columns)
    {
        _high = new DoubleBuffer(columns);
        _low = new DoubleBuffer(columns);
    }

    /// <summary>Adds two vectors of eight doubles to columns column .. column + 15.</summary>
    public void Add(int column, Vector512<double> first, Vector512<double> second)
    {
        AddEight(column, first);
        AddEight(column + 8, second);
    }

    /// <summary>Adds the sums of columns [from, to), multiples of 8, of another instance of the same size. Ranges apart may be added at the same time.</summary>
    public void Add(ExactColumns other, int from, int to)
    {
        for (int column = from; column < to; column += 8)
        {
            AddEight(column, Vector512.Load(other._high.Start + column));
            AddEight(column, Vector512.Load(other._low.Start + column));
        }

        foreach ((int column, ExactSum sum) in other._spill)
        {
            if (column >= from && column < to)
            {
                Spill(column, sum);
            }
        }
    }

    /// <summary>The exact sum of a column.</summary>
    public ExactSum Sum(int column)
        => ExactSum.FromDouble(_high.Start[column]) + ExactSum.FromDouble(_low.Start[column]) + _spill.GetValueOrDefault(column);

    /// <summary>Writes the sums as they are.</summary>
    public void Save(BinaryWriter writer)
    {
        writer.Write(_high.Bytes);
        writer.Write(_low.Bytes);
        writer.Write(_spill.Count);
        foreach ((int column, ExactSum sum) in _spill.OrderBy(entry => entry.Key))
        {
            writer.Write(column);
            sum.WriteTo(writer);
        }
    }

    /// <summary>Takes over what <see cref="Save"/> wrote from as many columns.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such sums.</exception>
    /// <exception cref="EndOfStreamException">They end early.</exception>
    public void Restore(BinaryReader reader)
    {
        reader.BaseStream.ReadExactly(_high.Bytes);
        reader.BaseStream.ReadExactly(_low.Bytes);
        for (int left = reader.ReadInt32(); left > 0; left--)
        {
            int column = reader.ReadInt32();
            _spill[column] = column >= 0 && column < _high.Length ? ExactSum.ReadFrom(reader) : throw new InvalidDataException($"a sum of column {column} of {_high.Length}");
        }
    }

    /// <summary>Sets every sum to zero.</summary>
    public void Clear()
    {
        _high.Clear();
        _low.Clear();
        _spill.Clear();
    }

    public void Dispose()
    {
        _high.Dispose();
        _low.Dispose();
    }

    private void AddEight(int column, Vector512<double> x)
    {
        Vector512<double> error = TwoSum(_high.Start + column, x);
        Vector512<double> left = TwoSum(_low.Start + column, error);
        if (!Vector512.EqualsAll(left, Vector512<double>.Zero))
        {
            SpillEight(column, left);
        }
    }

    private void SpillEight(int column, Vector512<double> left)
    {
        for (int lane = 0; lane < 8; lane++)
        {
            if (left[lane] != 0)
            {
                Spill(column + lane, ExactSum.FromDouble(left[lane]));
            }
        }
    }

    private void Spill(int column, ExactSum sum)
    {
        lock (_spill)
        {
            _spill[column] = _spill.GetValueOrDefault(column) + sum;
        }
    }

    // *sum = round(*sum + x); returns what the rounding lost.
    private static Vector512<double> TwoSum(double* sum, Vector512<double> x)
    {
        Vector512<double> a = Vector512.Load(sum);
        Vector512<double> s = a + x;
        Vector512<double> b = s - a;
        s.Store(sum);
        return (a - (s - b)) + (x - b);
    }

    private sealed class DoubleBuffer : IDisposable
    {
        private readonly AlignedBuffer _buffer;

        public DoubleBuffer(int length)
        {
            Length = length;
            _buffer = new AlignedBuffer(2L * length);
        }

        public int Length { get; }

        public double* Start => (double*)_buffer.Start;

        public Span<byte> Bytes => new(_buffer.Start, Length * sizeof(double));

        public void Clear() => new Span<double>(Start, Length).Clear();

        public void Dispose() => _buffer.Dispose();
    }
}
