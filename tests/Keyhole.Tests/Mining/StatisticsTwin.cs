using Keyhole.Memories;
using Keyhole.Studies;
using Xunit;

namespace Keyhole.Tests.Mining;

/// <summary>Statistics of a memory from all its coefficients: the exact parts exactly, the moments by their textbook formulas.</summary>
internal static class StatisticsTwin
{
    /// <param name="memory">The mined memory.</param>
    /// <param name="units">Coefficients at the candidate positions of each unit; fewer than 200,000 in all, so that the histogram counts every one.</param>
    public static void Require(MemoryRecord memory, float[][] units)
    {
        NeuronStatistics got = memory.Statistics;
        float[] all = [.. units.SelectMany(unit => unit)];
        Assert.Equal(all.Length, got.Count);
        if (all.Length == 0)
        {
            Assert.True(float.IsNaN(got.Min) && float.IsNaN(got.Max) && double.IsNaN(got.Mean));
            Assert.All(got.Histogram, count => Assert.Equal(0u, count));
            return;
        }

        Assert.Equal(all.Count(value => value > 0), got.PositiveCount);
        Assert.Equal(BitConverter.SingleToInt32Bits(all.Min() + 0f), BitConverter.SingleToInt32Bits(got.Min));
        Assert.Equal(BitConverter.SingleToInt32Bits(all.Max() + 0f), BitConverter.SingleToInt32Bits(got.Max));
        uint[] histogram = new uint[ActivationHistogram.Bins];
        foreach (float value in all)
        {
            histogram[ActivationHistogram.BinOf(value)]++;
        }

        Assert.Equal(histogram, got.Histogram);
        ExactSum[] sums = [got.Sum1, got.Sum2, got.Sum3, got.Sum4];
        for (int power = 1; power <= 4; power++)
        {
            // Of a unit in double, in position order; of the units exactly.
            ExactSum expected = units.Reverse().Aggregate(ExactSum.Zero, (total, unit) => total + ExactSum.FromDouble(PowerSum(unit, power)));
            Assert.Equal(expected, sums[power - 1]);
        }

        double mean = all.Average(value => (double)value);
        double variance = all.Average(value => Math.Pow(value - mean, 2));
        Near(mean, got.Mean, all.Max(MathF.Abs));
        Near(variance, got.Variance, variance);
        if (all.Min() < all.Max())
        {
            double third = all.Average(value => Math.Pow((value - mean) / Math.Sqrt(variance), 3));
            double fourth = all.Average(value => Math.Pow((value - mean) / Math.Sqrt(variance), 4)) - 3;
            double ratio = 1 + (mean * mean / variance);   // power sums lose digits where the mean is far from the spread (docs/mining.md)
            Near(third, got.Skewness, 1 + Math.Abs(third) + (1e-6 * Math.Pow(ratio, 1.5)));
            Near(fourth, got.ExcessKurtosis, 1 + Math.Abs(fourth) + (1e-6 * ratio * ratio));
        }
        else
        {
            Assert.True(double.IsNaN(got.Skewness) && double.IsNaN(got.ExcessKurtosis));
        }

        void Near(double expected, double value, double scale) => Assert.True(Math.Abs(expected - value) <= 1e-9 * scale, $"{memory.Id}: {value}, expected {expected}.");
    }

    private static double PowerSum(float[] unit, int power)
    {
        double sum = 0;
        foreach (double m in unit)
        {
            double square = m * m;
            sum = power switch
            {
                1 => sum + m,
                2 => sum + square,
                3 => Math.FusedMultiplyAdd(square, m, sum),
                _ => Math.FusedMultiplyAdd(square, square, sum),
            };
        }

        return sum;
    }
}
