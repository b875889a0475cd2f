using Keyhole.Engine.Numerics;
using Keyhole.Memories;
using Keyhole.Mining;
using Keyhole.Mining.Sampling;
using Xunit;

namespace Keyhole.Tests.Mining;

/// <summary>Scans of sixteen columns against plain loops over one: every number of rows, rows with gaps between, values of all signs.</summary>
public sealed unsafe class CoefficientScanTests : IDisposable
{
    private const int Lanes = 16;
    private const int Stride = 37;
    private readonly AlignedBuffer _tile = new(80 * Stride);
    private readonly AlignedBuffer _other = new(80 * Stride);

    public CoefficientScanTests()
    {
        float[] special = [0f, -0f, float.Epsilon, -float.Epsilon, 1e-30f, -1e30f, 1e30f, 1f, 1f, -1f];
        var random = new Random(21);
        foreach (AlignedBuffer buffer in (AlignedBuffer[])[_tile, _other])
        {
            foreach (ref float value in buffer.Span(0, (int)buffer.Length))
            {
                value = random.Next(3) == 0 ? special[random.Next(special.Length)] : (float)(random.NextDouble() - 0.5) * 4;
            }
        }
    }

    public static TheoryData<int> RowCounts => [0, 1, 2, 3, 7, 16, 33, 80];

    [Theory]
    [MemberData(nameof(RowCounts))]
    public void Moments(int rows)
    {
        double* sums = stackalloc double[4 * Lanes];
        float* min = stackalloc float[Lanes];
        float* max = stackalloc float[Lanes];
        int* positive = stackalloc int[Lanes];
        int* where = stackalloc int[Lanes];
        for (int lane = 0; lane < Lanes; lane++)
        {
            where[lane] = -1;
            (sums[lane], sums[16 + lane], sums[32 + lane], sums[48 + lane]) = (lane, 2, 3, 4);
            (min[lane], max[lane], positive[lane]) = (0.25f, 0.25f, lane);
        }

        CoefficientScan.Moments(_tile.Start, Stride, rows, 7, sums, min, max, where, positive);
        for (int lane = 0; lane < Lanes; lane++)
        {
            (double s1, double s2, double s3, double s4) = (lane, 2, 3, 4);
            (float least, float most, int above, int at) = (0.25f, 0.25f, lane, -1);
            int position = 7;
            foreach (float value in Column(_tile, lane, rows))
            {
                double m = value;
                s1 += m;
                s2 += m * m;
                s3 = Math.FusedMultiplyAdd(m * m, m, s3);
                s4 = Math.FusedMultiplyAdd(m * m, m * m, s4);
                least = value < least ? value : least;
                (most, at) = value > most ? (value, position) : (most, at);
                above += value > 0 ? 1 : 0;
                position++;
            }

            Assert.Equal((s1, s2, s3, s4), (sums[lane], sums[16 + lane], sums[32 + lane], sums[48 + lane]));
            Assert.Equal((least, most, above, at), (min[lane], max[lane], positive[lane], where[lane]));
        }
    }

    [Theory]
    [MemberData(nameof(RowCounts))]
    public void Largest(int rows)
    {
        float* best = stackalloc float[Lanes];
        int* where = stackalloc int[Lanes];
        foreach ((bool negate, float begin) in new[] { (false, float.NegativeInfinity), (true, float.NegativeInfinity), (false, 1f), (true, 1f) })
        {
            new Span<float>(best, Lanes).Fill(begin);
            new Span<int>(where, Lanes).Fill(-7);
            CoefficientScan.Largest(_tile.Start, Stride, rows, 100, negate, best, where);
            for (int lane = 0; lane < Lanes; lane++)
            {
                (float most, int at) = (begin, -7);
                float[] column = Column(_tile, lane, rows);
                for (int row = 0; row < rows; row++)
                {
                    float value = negate ? -column[row] : column[row];
                    (most, at) = value > most ? (value, 100 + row) : (most, at);
                }

                Assert.Equal((most, at), (best[lane], where[lane]));
            }
        }
    }

    [Theory]
    [MemberData(nameof(RowCounts))]
    public void Signs(int rows)
    {
        int* counts = stackalloc int[3 * Lanes];
        new Span<int>(counts, 3 * Lanes).Fill(5);
        CoefficientScan.Signs(_tile.Start, _other.Start, Stride, rows, counts, counts + 16, counts + 32);
        for (int lane = 0; lane < Lanes; lane++)
        {
            (float Gate, float Linear)[] pairs = [.. Column(_tile, lane, rows).Zip(Column(_other, lane, rows))];
            Assert.Equal(5 + pairs.Count(pair => pair.Gate > 0 && pair.Linear > 0), counts[lane]);
            Assert.Equal(5 + pairs.Count(pair => pair.Gate > 0 && !(pair.Linear > 0)), counts[16 + lane]);
            Assert.Equal(5 + pairs.Count(pair => !(pair.Gate > 0) && pair.Linear > 0), counts[32 + lane]);
        }
    }

    [Theory]
    [MemberData(nameof(RowCounts))]
    public void Histograms(int rows)
    {
        uint[] counts = new uint[Lanes * ActivationHistogram.Bins];
        int[] chosen = [.. Enumerable.Range(0, rows).Where(row => row % 3 != 1)];
        fixed (uint* start = counts)
        {
            CoefficientScan.Histogram(_tile.Start, Stride, chosen, start);
        }

        for (int lane = 0; lane < Lanes; lane++)
        {
            uint[] expected = new uint[ActivationHistogram.Bins];
            float[] column = Column(_tile, lane, rows);
            foreach (int row in chosen)
            {
                expected[ActivationHistogram.BinOf(column[row])]++;
            }

            // The zero bin is counted by who asks: it is what the others leave.
            expected[ActivationHistogram.ZeroBin] = 0;
            uint[] got = [.. Enumerable.Range(0, ActivationHistogram.Bins).Select(bin => counts[(bin * Lanes) + lane])];
            got[ActivationHistogram.ZeroBin] = 0;
            Assert.Equal(expected, got);
        }
    }

    [Theory]
    [MemberData(nameof(RowCounts))]
    public void Largest_of_sign_cases(int rows)
    {
        const int CaseStride = 40;
        float* best = stackalloc float[4 * CaseStride];
        foreach (float begin in new[] { float.NegativeInfinity, 1f })
        {
            for (int i = 0; i < 4; i++)
            {
                new Span<float>(best + (i * CaseStride), Lanes).Fill(begin);
                new Span<int>((int*)(best + (i * CaseStride) + Lanes), Lanes).Fill(-7);
            }

            CoefficientScan.LargestOfCases(_tile.Start + 1, _tile.Start, _other.Start, Stride, rows, 100, best, CaseStride);
            for (int lane = 0; lane < Lanes; lane++)
            {
                float[] gate = Column(_tile, lane, rows), linear = Column(_other, lane, rows), values = Column(_tile, lane + 1, rows);
                for (int i = 0; i < 4; i++)
                {
                    (float most, int at) = (begin, -7);
                    for (int row = 0; row < rows; row++)
                    {
                        bool isCase = gate[row] > 0 == i < 2 && linear[row] > 0 == (i % 2 == 0);
                        (most, at) = isCase && Math.Abs(values[row]) > most ? (Math.Abs(values[row]), 100 + row) : (most, at);
                    }

                    Assert.Equal((most, at), (best[(i * CaseStride) + lane], ((int*)(best + (i * CaseStride) + Lanes))[lane]));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(RowCounts))]
    public void Positive_sums(int rows)
    {
        double* sums = stackalloc double[Lanes];
        new Span<double>(sums, Lanes).Fill(0.5);
        CoefficientScan.PositiveSums(_tile.Start, Stride, rows, sums);
        for (int lane = 0; lane < Lanes; lane++)
        {
            Assert.Equal(Column(_tile, lane, rows).Aggregate(0.5, (sum, value) => sum + (value > 0 ? value : 0)), sums[lane]);
        }
    }

    [Fact]
    public void Ranks_of_samples()
    {
        var random = new Random(2);
        uint* memories = stackalloc uint[Lanes];
        float* ranks = stackalloc float[Lanes];
        float* thresholds = stackalloc float[Lanes];
        float* values = stackalloc float[Lanes];
        for (int draw = 0; draw < 1000; draw++)
        {
            for (int lane = 0; lane < Lanes; lane++)
            {
                memories[lane] = (uint)random.NextInt64(1L << 32);
                values[lane] = random.Next(-1, 2);
            }

            uint position = (uint)random.NextInt64(1L << 32);
            CoefficientScan.SampleRanks(position, memories, ranks);
            (uint positive, uint negative) = (0, 0);
            for (int lane = 0; lane < Lanes; lane++)
            {
                Assert.Equal(QuantileSample.Rank(position, memories[lane]), ranks[lane]);
                thresholds[lane] = random.Next(3) switch { 0 => ranks[lane], 1 => float.NegativeInfinity, _ => ranks[lane] / 2 };
                bool reaches = ranks[lane] >= thresholds[lane];
                positive |= reaches && values[lane] > 0 ? 1u << lane : 0;
                negative |= reaches && values[lane] < 0 ? 1u << lane : 0;
            }

            Assert.Equal(positive, CoefficientScan.ReachingSigned(ranks, thresholds, values, negate: false));
            Assert.Equal(negative, CoefficientScan.ReachingSigned(ranks, thresholds, values, negate: true));
        }
    }

    [Fact]
    public void Columns_that_reach_their_threshold()
    {
        float* values = stackalloc float[Lanes];
        float* thresholds = stackalloc float[Lanes];
        for (int lane = 0; lane < Lanes; lane++)
        {
            (values[lane], thresholds[lane]) = lane switch { 0 => (1f, 1f), 1 => (0f, float.Epsilon), 2 => (float.NaN, float.NegativeInfinity), 3 => (float.Epsilon, float.Epsilon), 15 => (2f, 1f), _ => (0f, float.PositiveInfinity) };
        }

        Assert.Equal((1u << 0) | (1u << 3) | (1u << 15), CoefficientScan.Reaching(values, thresholds));
    }

    public void Dispose()
    {
        _tile.Dispose();
        _other.Dispose();
    }

    private static float[] Column(AlignedBuffer tile, int lane, int rows)
        => [.. Enumerable.Range(0, rows).Select(row => tile.Span((row * Stride) + lane, 1)[0])];
}
