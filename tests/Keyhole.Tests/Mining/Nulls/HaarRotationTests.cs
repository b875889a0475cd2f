using Keyhole.Engine.Numerics;
using Keyhole.Mining.Nulls;
using Xunit;

namespace Keyhole.Tests.Mining.Nulls;

/// <summary>Rotations are orthogonal, repeat for their seed, and are spread evenly over all orthogonal matrices.</summary>
public sealed class HaarRotationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(130)]
    public void Columns_are_orthonormal(int size)
    {
        float[][] columns = Columns(size, seed: 7, threads: 2);
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                Assert.Equal(i == j ? 1 : 0, Enumerable.Range(0, size).Sum(k => (double)columns[i][k] * columns[j][k]), 1e-5);
            }
        }
    }

    [Fact]
    public void A_rotation_depends_on_seed_and_size_alone()
    {
        float[][] first = Columns(70, seed: 3, threads: 1);
        Assert.Equal(first, Columns(70, seed: 3, threads: 5));
        Assert.NotEqual(first[0], Columns(70, seed: 4, threads: 1)[0]);
        Assert.NotEqual(first[0].Take(69), Columns(69, seed: 3, threads: 1)[0]);
    }

    // Under Haar's measure on O(3): every entry has mean 0 and mean square 1/3, the trace has mean 0 and mean square 1, and both signs of the determinant are as likely.
    [Fact]
    public void Rotations_are_spread_evenly()
    {
        const int Draws = 3000;
        var sums = new double[3, 3];
        var squares = new double[3, 3];
        (double trace, double traceSquares, int positive) = (0, 0, 0);
        for (ulong seed = 0; seed < Draws; seed++)
        {
            float[][] q = Columns(3, seed, threads: 1);
            for (int i = 0; i < 3; i++)
            {
                for (int j = 0; j < 3; j++)
                {
                    sums[i, j] += q[j][i];
                    squares[i, j] += q[j][i] * q[j][i];
                }
            }

            double t = q[0][0] + q[1][1] + q[2][2];
            trace += t;
            traceSquares += t * t;
            positive += (q[0][0] * ((q[1][1] * q[2][2]) - (q[1][2] * q[2][1]))) - (q[1][0] * ((q[0][1] * q[2][2]) - (q[0][2] * q[2][1]))) + (q[2][0] * ((q[0][1] * q[1][2]) - (q[0][2] * q[1][1]))) > 0 ? 1 : 0;
        }

        double deviation = 1 / Math.Sqrt(Draws);
        foreach (double sum in sums)
        {
            Assert.InRange(sum / Draws, -4 * 0.58 * deviation, 4 * 0.58 * deviation);
        }

        foreach (double square in squares)
        {
            Assert.InRange(square / Draws, (1.0 / 3) - (4 * 0.3 * deviation), (1.0 / 3) + (4 * 0.3 * deviation));
        }

        Assert.InRange(trace / Draws, -4 * deviation, 4 * deviation);
        Assert.InRange(traceSquares / Draws, 1 - (4 * 1.5 * deviation), 1 + (4 * 1.5 * deviation));
        Assert.InRange((double)positive / Draws, 0.5 - (2 * deviation), 0.5 + (2 * deviation));
    }

    private static float[][] Columns(int size, ulong seed, int threads)
    {
        using PackedMatrix packed = HaarRotation.Pack(size, seed, threads);
        return [.. Enumerable.Range(0, size).Select(column =>
        {
            var values = new float[size];
            packed.CopyRow(column, values);
            return values;
        })];
    }
}
