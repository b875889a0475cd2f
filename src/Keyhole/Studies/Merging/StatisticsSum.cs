using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Keyhole.Memories;

namespace Keyhole.Studies.Merging;

/// <summary>Adds the statistics of one memory from their bytes (layout in docs/formats/study.md); the same as <see cref="NeuronStatistics.Merge"/>, without objects in between.</summary>
internal sealed class StatisticsSum
{
    private const byte HasSigns = 1;
    private const byte HasSumPositive = 2;

    private readonly FixedPointSum[] _sums = [new(), new(), new(), new(), new()];   // the last: of the positive coefficients
    private readonly long[] _signs = new long[4];
    private readonly long[] _histogram = new long[ActivationHistogram.Bins];
    private long _count;
    private long _positive;
    private float _min;
    private float _max;
    private byte? _flags;

    /// <summary>Positions counted.</summary>
    public long Count => _count;

    /// <summary>Counts nothing.</summary>
    public void Clear()
    {
        foreach (FixedPointSum sum in _sums)
        {
            sum.Clear();
        }

        Array.Clear(_signs);
        Array.Clear(_histogram);
        (_count, _positive, _min, _max, _flags) = (0, 0, float.NaN, float.NaN, null);
    }

    /// <summary>Adds statistics of other positions.</summary>
    /// <exception cref="InvalidDataException">The bytes are no statistics, or of a memory of another kind.</exception>
    /// <exception cref="OverflowException">A count is beyond its type.</exception>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || bytes[0] > (HasSigns | HasSumPositive) || (_flags is { } had && had != bytes[0]))
        {
            throw new InvalidDataException("statistics begin with other flags than expected");
        }

        byte flags = bytes[0];
        bool hasSigns = (flags & HasSigns) != 0;
        _flags = flags;
        bytes = bytes[1..];
        long count = Number(ref bytes);
        long positive = Number(ref bytes);
        AddExtremes(ref bytes, count);
        _count = checked(_count + count);
        _positive = checked(_positive + positive);
        for (int i = 0; i < ((flags & HasSumPositive) != 0 ? 5 : 4); i++)
        {
            _sums[i].Add(ref bytes);
        }

        long signs = 0;
        for (int i = 0; i < (hasSigns ? _signs.Length : 0); i++)
        {
            long sign = Number(ref bytes);
            signs = checked(signs + sign);
            _signs[i] += sign;
        }

        if (positive > count || (hasSigns && signs != count))
        {
            throw new InvalidDataException($"statistics count {positive} positive positions and {signs} signs of {count} positions");
        }

        AddHistogram(ref bytes);
        if (!bytes.IsEmpty)
        {
            throw new InvalidDataException("bytes follow statistics");
        }
    }

    /// <summary>All statistics together.</summary>
    /// <exception cref="OverflowException">A bin is beyond its type.</exception>
    public NeuronStatistics Sum()
    {
        uint[] histogram = new uint[ActivationHistogram.Bins];
        for (int bin = 0; bin < histogram.Length; bin++)
        {
            histogram[bin] = checked((uint)_histogram[bin]);
        }

        return new NeuronStatistics
        {
            Count = _count,
            Sum1 = _sums[0].Sum(),
            Sum2 = _sums[1].Sum(),
            Sum3 = _sums[2].Sum(),
            Sum4 = _sums[3].Sum(),
            SumPositive = (_flags & HasSumPositive) is > 0 ? _sums[4].Sum() : null,
            Min = _min,
            Max = _max,
            PositiveCount = _positive,
            SignCases = (_flags & HasSigns) is > 0 ? new SignCases(_signs[0], _signs[1], _signs[2], _signs[3]) : null,
            Histogram = ImmutableCollectionsMarshal.AsImmutableArray(histogram),
        };
    }

    private void AddExtremes(ref ReadOnlySpan<byte> bytes, long count)
    {
        if (bytes.Length < 2 * sizeof(float))
        {
            throw new InvalidDataException("statistics end early");
        }

        float min = MemoryMarshal.Read<float>(bytes);
        float max = MemoryMarshal.Read<float>(bytes[sizeof(float)..]);
        bytes = bytes[(2 * sizeof(float))..];
        if (count == 0)
        {
            return;
        }

        if (!(min <= max))
        {
            throw new InvalidDataException($"statistics go from {min} to {max}");
        }

        _min = _count == 0 ? min : MathF.Min(_min, min);
        _max = _count == 0 ? max : MathF.Max(_max, max);
    }

    private void AddHistogram(ref ReadOnlySpan<byte> bytes)
    {
        ulong filled = Leb128.Read(ref bytes);
        if (filled > ActivationHistogram.Bins)
        {
            throw new InvalidDataException($"a histogram has {filled} bins");
        }

        int bin = -1;
        for (ulong i = 0; i < filled; i++)
        {
            ulong gap = Leb128.Read(ref bytes);
            ulong count = Leb128.Read(ref bytes);
            if (gap >= (ulong)(ActivationHistogram.Bins - bin - 1) || count is 0 or > uint.MaxValue)
            {
                throw new InvalidDataException($"a histogram has {count} positions {gap} bins after bin {bin}");
            }

            bin += (int)gap + 1;
            _histogram[bin] += (long)count;
        }
    }

    private static long Number(ref ReadOnlySpan<byte> bytes)
    {
        ulong number = Leb128.Read(ref bytes);
        return number <= long.MaxValue ? (long)number : throw new InvalidDataException("statistics have a count beyond 2^63");
    }
}
