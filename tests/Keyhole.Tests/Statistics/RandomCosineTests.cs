using System.Text.Json;
using Keyhole.Statistics;
using Xunit;

namespace Keyhole.Tests.Statistics;

public sealed class RandomCosineTests
{
    [Fact]
    public void Quantiles_are_those_of_scipy()
    {
        JsonElement[] cases = GoldenStatistics.Cases("random-cosine.json");
        Assert.Equal(3, cases.Length);
        foreach (JsonElement one in cases)
        {
            int dimension = one.GetProperty("dimension").GetInt32();
            Assert.Equal(one.Numbers("cosine"), one.Numbers("probability").Select(p => RandomCosine.Quantile(dimension, p)), (a, b) => Math.Abs(a - b) < 1e-14);
        }
    }

    [Fact]
    public void Closed_forms_in_few_dimensions()
    {
        foreach (double t in (double[])[0, 1e-12, 0.001, 0.1, 0.25, 0.5, 0.75, 0.9, 0.999, 1])
        {
            Assert.Equal(Math.Acos(t) / Math.PI, RandomCosine.TailProbability(2, t), 1e-14);                                   // the circle
            Assert.Equal((1 - t) / 2, RandomCosine.TailProbability(3, t), 1e-14);                                              // Archimedes: uniform
            Assert.Equal((Math.Acos(t) - (t * Math.Sqrt(1 - (t * t)))) / Math.PI, RandomCosine.TailProbability(4, t), 1e-14);  // the semicircle
            Assert.Equal(0.5 - (0.75 * (t - (t * t * t / 3))), RandomCosine.TailProbability(5, t), 1e-14);
        }
    }

    [Theory]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(577)]
    [InlineData(4096)]
    [InlineData(1_000_001)]
    public void Tails_are_the_integral_of_the_density(int dimension)
    {
        double unit = 1 / Math.Sqrt(dimension);
        double half = Integral(dimension, 0, Math.Min(1, 40 * unit));
        foreach (double z in (double[])[0.01, 0.5, 1, 1.2, 1.3, 2, 2.6])
        {
            double expected = Integral(dimension, z * unit, Math.Min(1, 40 * unit)) / half / 2;
            Assert.Equal(1, RandomCosine.TailProbability(dimension, z * unit) / expected, 1e-10);
        }
    }

    [Fact]
    public void Quantiles_undo_tails()
    {
        foreach (int dimension in (int[])[2, 3, 4, 5, 8, 31, 64, 65, 66, 577, 4096, 100_003, int.MaxValue])
        {
            double before = -1;
            foreach (double p in (double[])[1e-300, 1e-20, 1e-9, 0.001, 0.025, 0.3, 0.499999, 0.5, 0.7, 0.975, 0.999999])
            {
                double t = RandomCosine.Quantile(dimension, p);
                Assert.True(t >= before, $"{dimension}, {p}: {t} after {before}");
                before = t;
                double lower = RandomCosine.TailProbability(dimension, -t);   // P(cosine >= -t) = P(cosine <= t)
                if (t > -1 + 1e-9)
                {
                    Assert.Equal(1, lower / p, 1e-7);
                }

                Assert.Equal(-t, RandomCosine.Quantile(dimension, 1 - p), p < 1e-9 ? 1 : 1e-8);
            }
        }
    }

    [Fact]
    public void Many_dimensions_come_close_to_the_normal_distribution()
    {
        // Quantiles of the standard normal at 0.975 and 0.999, which sqrt(d) times the cosine has in the limit.
        Assert.Equal(1.959963984540054, RandomCosine.Quantile(100_000_000, 0.975) * 1e4, 1e-6);
        Assert.Equal(3.090232306167813, RandomCosine.Quantile(100_000_000, 0.999) * 1e4, 1e-6);
    }

    [Fact]
    public void Edges()
    {
        Assert.Equal((-1, -1, 1, 1), (RandomCosine.Quantile(1, 0), RandomCosine.Quantile(1, 0.5), RandomCosine.Quantile(1, 0.51), RandomCosine.Quantile(1, 1)));
        Assert.Equal((1, 0.5, 0.5, 0), (RandomCosine.TailProbability(1, -1), RandomCosine.TailProbability(1, 0), RandomCosine.TailProbability(1, 1), RandomCosine.TailProbability(1, 1.1)));
        foreach (int dimension in (int[])[2, 3, 10, 1000])
        {
            Assert.Equal((-1, 0, 1), (RandomCosine.Quantile(dimension, 0), RandomCosine.Quantile(dimension, 0.5), RandomCosine.Quantile(dimension, 1)));
            Assert.Equal((1, 0.5, 0), (RandomCosine.TailProbability(dimension, -1), RandomCosine.TailProbability(dimension, 0), RandomCosine.TailProbability(dimension, 1)));
            Assert.Equal((1, 0), (RandomCosine.TailProbability(dimension, double.NegativeInfinity), RandomCosine.TailProbability(dimension, 2)));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => RandomCosine.Quantile(0, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => RandomCosine.Quantile(8, 1.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => RandomCosine.Quantile(8, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => RandomCosine.TailProbability(8, double.NaN));
    }

    // Simpson's rule over (1 - t^2)^((d - 3) / 2), whose constant is left out.
    private static double Integral(int dimension, double from, double to)
    {
        const int steps = 200_000;
        double Density(double t) => t >= 1 ? 0 : Math.Exp((dimension - 3) / 2.0 * (Math.Log(1 - t) + Math.Log(1 + t)));
        double width = (to - from) / steps;
        double sum = Density(from) + Density(to);
        for (int i = 1; i < steps; i++)
        {
            sum += (i % 2 == 0 ? 2 : 4) * Density(from + (i * width));
        }

        return sum * width / 3;
    }
}
