using System.Collections.Immutable;
using System.Numerics;

namespace Keyhole.Memories;

/// <summary>What is known of a memory's coefficient m over all candidate positions: exact power sums, extremes, counts and a histogram. Merges exactly.</summary>
public sealed class NeuronStatistics
{
    private const byte HasSignCases = 1;
    private const byte HasSumPositive = 2;

    /// <summary>Candidate positions.</summary>
    public required long Count { get; init; }

    /// <summary>Sum of m.</summary>
    public required ExactSum Sum1 { get; init; }

    /// <summary>Sum of m^2.</summary>
    public required ExactSum Sum2 { get; init; }

    /// <summary>Sum of m^3.</summary>
    public required ExactSum Sum3 { get; init; }

    /// <summary>Sum of m^4.</summary>
    public required ExactSum Sum4 { get; init; }

    /// <summary>Sum of the positive m; null where it was not asked for.</summary>
    public ExactSum? SumPositive { get; init; }

    /// <summary>Smallest m; NaN where nothing was counted.</summary>
    public required float Min { get; init; }

    /// <summary>Largest m; NaN where nothing was counted.</summary>
    public required float Max { get; init; }

    /// <summary>Positions with m &gt; 0.</summary>
    public required long PositiveCount { get; init; }

    /// <summary>Counts of the four sign cases; null where the model is not gated.</summary>
    public SignCases? SignCases { get; init; }

    /// <summary>Counts of a sample of positions in the 256 bins of <see cref="ActivationHistogram"/>.</summary>
    public required ImmutableArray<uint> Histogram { get; init; }

    /// <summary>Nothing counted yet.</summary>
    /// <param name="gated">Whether sign cases are counted.</param>
    public static NeuronStatistics Empty(bool gated) => new()
    {
        Count = 0,
        Sum1 = default,
        Sum2 = default,
        Sum3 = default,
        Sum4 = default,
        Min = float.NaN,
        Max = float.NaN,
        PositiveCount = 0,
        SignCases = gated ? default(SignCases) : null,
        Histogram = [.. new uint[ActivationHistogram.Bins]],
    };

    /// <summary>Mean; NaN where nothing was counted. Like all moments exact until one final rounding.</summary>
    public double Mean => Count == 0 ? double.NaN : ExactRatio.ToDouble(Sum1.Mantissa, Count, Sum1.Exponent);

    /// <summary>Population variance; NaN where nothing was counted.</summary>
    public double Variance
    {
        get
        {
            if (Count == 0)
            {
                return double.NaN;
            }

            if (Min == Max)
            {
                return 0;
            }

            PowerSums sums = new(this);
            BigInteger spread = sums.Spread;
            return spread.Sign <= 0 ? 0 : ExactRatio.ToDouble(spread, sums.N * sums.N, 2 * sums.Exponent);
        }
    }

    /// <summary>Population skewness m3 / m2^1.5; NaN where the variance is zero or nothing was counted.</summary>
    public double Skewness
    {
        get
        {
            PowerSums sums = new(this);
            BigInteger spread = sums.Spread;
            if (Min == Max || spread.Sign <= 0)
            {
                return double.NaN;
            }

            // n^3 m3 = n^2 S3 - 3 n S1 S2 + 2 S1^3; with n^2 m2 = spread the powers of n and of the scale cancel.
            BigInteger third = (sums.N * sums.N * sums.S3) - (3 * sums.N * sums.S1 * sums.S2) + (2 * BigInteger.Pow(sums.S1, 3));
            if (third.IsZero)
            {
                return 0;
            }

            double magnitude = ExactRatio.SqrtToDouble(third * third, BigInteger.Pow(spread, 3));
            return third.Sign < 0 ? -magnitude : magnitude;
        }
    }

    /// <summary>Population excess kurtosis m4 / m2^2 - 3; NaN where the variance is zero or nothing was counted.</summary>
    public double ExcessKurtosis
    {
        get
        {
            PowerSums sums = new(this);
            BigInteger spread = sums.Spread;
            if (Min == Max || spread.Sign <= 0)
            {
                return double.NaN;
            }

            // n^4 m4 = n^3 S4 - 4 n^2 S1 S3 + 6 n S1^2 S2 - 3 S1^4
            BigInteger n = sums.N;
            BigInteger square1 = sums.S1 * sums.S1;
            BigInteger fourth = (n * n * n * sums.S4) - (4 * n * n * sums.S1 * sums.S3) + (6 * n * square1 * sums.S2) - (3 * square1 * square1);
            BigInteger squaredSpread = spread * spread;
            return ExactRatio.ToDouble(fourth - (3 * squaredSpread), squaredSpread, 0);
        }
    }

    /// <summary>Largest |m|; NaN where nothing was counted.</summary>
    public double LargestSize => Math.Max(Math.Abs((double)Min), Math.Abs((double)Max));

    /// <summary>
    /// Mass of the activation on a pole: the sum of |m| over the positions where m has its sign. Known where the positive m were summed, or where no m has the other sign; else NaN.
    /// </summary>
    /// <param name="pole">The pole.</param>
    public double Mass(Pole pole)
    {
        ExactSum? positive = SumPositive ?? (Count == 0 || Max <= 0 ? ExactSum.Zero : Min >= 0 ? Sum1 : null);
        return positive is not { } sum ? double.NaN : pole == Pole.Positive ? sum.ToDouble() : (sum + new ExactSum(-Sum1.Mantissa, Sum1.Exponent)).ToDouble();
    }

    /// <summary>Share of positions with m &gt; 0; NaN where nothing was counted.</summary>
    public double SharePositive => Count == 0 ? double.NaN : (double)PositiveCount / Count;

    /// <summary>
    /// The q-quantile of m, from the histogram of a sample of positions: linear within a bin, whose outermost ends are <see cref="Min"/> and <see cref="Max"/>; NaN where nothing was counted.
    /// A bin is a quarter of an octave, so the value is right to a factor of 1.25 at worst.
    /// </summary>
    /// <param name="q">Between 0 and 1.</param>
    public double Quantile(double q) => HistogramQuantile.Of(Histogram, q, Min, Max);

    /// <summary>The statistics of both sets of positions together: exact, so any order and grouping gives the same bytes.</summary>
    /// <param name="a">Statistics of some positions.</param>
    /// <param name="b">Statistics of other positions of the same memory.</param>
    /// <exception cref="ArgumentException">One counts sign cases and the other does not.</exception>
    public static NeuronStatistics Merge(NeuronStatistics a, NeuronStatistics b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (a.SignCases.HasValue != b.SignCases.HasValue || a.SumPositive.HasValue != b.SumPositive.HasValue)
        {
            throw new ArgumentException("Statistics of a gated and of a plain memory cannot be merged, nor those with and without the sum of the positive coefficients.", nameof(b));
        }

        uint[] histogram = new uint[ActivationHistogram.Bins];
        for (int bin = 0; bin < histogram.Length; bin++)
        {
            histogram[bin] = checked(a.Histogram[bin] + b.Histogram[bin]);
        }

        return new NeuronStatistics
        {
            Count = checked(a.Count + b.Count),
            Sum1 = a.Sum1 + b.Sum1,
            Sum2 = a.Sum2 + b.Sum2,
            Sum3 = a.Sum3 + b.Sum3,
            Sum4 = a.Sum4 + b.Sum4,
            SumPositive = a.SumPositive + b.SumPositive,
            Min = a.Count == 0 ? b.Min : b.Count == 0 ? a.Min : MathF.Min(a.Min, b.Min),
            Max = a.Count == 0 ? b.Max : b.Count == 0 ? a.Max : MathF.Max(a.Max, b.Max),
            PositiveCount = checked(a.PositiveCount + b.PositiveCount),
            SignCases = a.SignCases + b.SignCases,
            Histogram = [.. histogram],
        };
    }

    /// <summary>Writes the canonical compact bytes (layout in docs/formats/study.md).</summary>
    /// <param name="writer">Where to.</param>
    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write((byte)((SignCases.HasValue ? HasSignCases : 0) | (SumPositive.HasValue ? HasSumPositive : 0)));
        writer.Write7BitEncodedInt64(Count);
        writer.Write7BitEncodedInt64(PositiveCount);
        writer.Write(Min);
        writer.Write(Max);
        Sum1.WriteTo(writer);
        Sum2.WriteTo(writer);
        Sum3.WriteTo(writer);
        Sum4.WriteTo(writer);
        SumPositive?.WriteTo(writer);
        if (SignCases is { } cases)
        {
            writer.Write7BitEncodedInt64(cases.GatePlusInPlus);
            writer.Write7BitEncodedInt64(cases.GatePlusInMinus);
            writer.Write7BitEncodedInt64(cases.GateMinusInPlus);
            writer.Write7BitEncodedInt64(cases.GateMinusInMinus);
        }

        writer.Write7BitEncodedInt(Histogram.Count(bin => bin != 0));
        int previous = -1;
        for (int bin = 0; bin < Histogram.Length; bin++)
        {
            if (Histogram[bin] != 0)
            {
                writer.Write7BitEncodedInt(bin - previous - 1);
                writer.Write7BitEncodedInt64(Histogram[bin]);
                previous = bin;
            }
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote, and nothing else.</summary>
    /// <param name="bytes">All of it.</param>
    /// <exception cref="InvalidDataException">The bytes are no statistics, or more than them.</exception>
    /// <exception cref="FormatException">A number is longer than its type.</exception>
    /// <exception cref="EndOfStreamException">The bytes end early.</exception>
    public static NeuronStatistics Read(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes, writable: false);
        using var reader = new BinaryReader(stream);
        NeuronStatistics statistics = Read(reader);
        return stream.Position == stream.Length ? statistics : throw new InvalidDataException("bytes follow the statistics of a memory");
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="reader">Where from.</param>
    /// <exception cref="InvalidDataException">The bytes are no statistics.</exception>
    /// <exception cref="FormatException">A number is longer than its type.</exception>
    /// <exception cref="EndOfStreamException">The bytes end early.</exception>
    public static NeuronStatistics Read(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        byte flags = reader.ReadByte();
        if (flags > (HasSignCases | HasSumPositive))
        {
            throw new InvalidDataException($"Statistics begin with unknown flags {flags}.");
        }

        long count = reader.Read7BitEncodedInt64();
        long positive = reader.Read7BitEncodedInt64();
        float min = reader.ReadSingle();
        float max = reader.ReadSingle();
        ExactSum sum1 = ExactSum.ReadFrom(reader);
        ExactSum sum2 = ExactSum.ReadFrom(reader);
        ExactSum sum3 = ExactSum.ReadFrom(reader);
        ExactSum sum4 = ExactSum.ReadFrom(reader);
        ExactSum? sumPositive = (flags & HasSumPositive) != 0 ? ExactSum.ReadFrom(reader) : null;
        SignCases? cases = (flags & HasSignCases) != 0
            ? new SignCases(reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64())
            : null;
        if (count < 0 || positive < 0 || positive > count)
        {
            throw new InvalidDataException($"Statistics count {positive} positive positions of {count}.");
        }

        return new NeuronStatistics
        {
            Count = count,
            Sum1 = sum1,
            Sum2 = sum2,
            Sum3 = sum3,
            Sum4 = sum4,
            SumPositive = sumPositive,
            Min = min,
            Max = max,
            PositiveCount = positive,
            SignCases = cases,
            Histogram = ReadHistogram(reader),
        };
    }

    private static ImmutableArray<uint> ReadHistogram(BinaryReader reader)
    {
        uint[] histogram = new uint[ActivationHistogram.Bins];
        int filled = reader.Read7BitEncodedInt();
        int bin = -1;
        for (int i = 0; i < filled; i++)
        {
            int gap = reader.Read7BitEncodedInt();
            long count = reader.Read7BitEncodedInt64();
            if (gap < 0 || gap >= ActivationHistogram.Bins - bin - 1 || count is <= 0 or > uint.MaxValue)
            {
                throw new InvalidDataException($"A histogram has {count} positions {gap} bins after bin {bin}.");
            }

            bin += gap + 1;
            histogram[bin] = (uint)count;
        }

        return [.. histogram];
    }

    // The power sums as integers on one scale: S_k = sum(m^k) / 2^(k * Exponent), so that expressions of one degree stay homogeneous.
    private readonly struct PowerSums
    {
        public PowerSums(NeuronStatistics statistics)
        {
            N = statistics.Count;
            Exponent = Math.Min(
                Math.Min(Floor(statistics.Sum1, 1), Floor(statistics.Sum2, 2)),
                Math.Min(Floor(statistics.Sum3, 3), Floor(statistics.Sum4, 4)));
            S1 = statistics.Sum1.Scaled(Exponent);
            S2 = statistics.Sum2.Scaled(2 * Exponent);
            S3 = statistics.Sum3.Scaled(3 * Exponent);
            S4 = statistics.Sum4.Scaled(4 * Exponent);
        }

        public BigInteger N { get; }

        public int Exponent { get; }

        public BigInteger S1 { get; }

        public BigInteger S2 { get; }

        public BigInteger S3 { get; }

        public BigInteger S4 { get; }

        /// <summary>n^2 times the variance.</summary>
        public BigInteger Spread => (N * S2) - (S1 * S1);

        private static int Floor(ExactSum sum, int power) => sum.Mantissa.IsZero ? 0 : (int)Math.Floor((double)sum.Exponent / power);
    }
}
