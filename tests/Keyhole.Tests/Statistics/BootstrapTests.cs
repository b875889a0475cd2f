using Keyhole.Corpora;
using Keyhole.Statistics;
using Xunit;

namespace Keyhole.Tests.Statistics;

public sealed class BootstrapTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(30)]
    [InlineData(101)]
    public void Resamples_are_those_of_the_formula(int n)
    {
        double[] values = Normal(n, seed: 5);
        double[] sorted = [.. values.Order()];
        const ulong Seed = 77;
        var means = new List<double>();
        var medians = new List<double>();
        for (int b = 0; b < 1000; b++)
        {
            double[] drawn = [.. Enumerable.Range(0, n).Select(i => sorted[(int)(((UInt128)CounterHash.Hash(Seed, (ulong)b, (ulong)i) * (uint)n) >> 64)]).Order()];
            means.Add(drawn.Average());
            medians.Add((drawn[(n - 1) / 2] + drawn[n / 2]) / 2);
        }

        Require(values.Average(), means, Bootstrap.Mean(values, Seed), n);
        Require((sorted[(n - 1) / 2] + sorted[n / 2]) / 2, medians, Bootstrap.Median(values, Seed), n);

        static void Require(double value, List<double> resampled, Estimate got, int n)
        {
            resampled.Sort();
            Assert.Equal(n, got.N);
            Assert.Equal(value, got.Value, 1e-12);
            Assert.Equal(resampled[24] + (0.975 * (resampled[25] - resampled[24])), got.Interval.Lower, 1e-12);    // place 999 * 0.025 = 24.975
            Assert.Equal(resampled[974] + (0.025 * (resampled[975] - resampled[974])), got.Interval.Upper, 1e-12);
        }
    }

    [Fact]
    public void A_mean_over_groups_of_one_is_the_mean()
    {
        double[] sorted = [.. Normal(40, seed: 6).Order()];
        Estimate mean = Bootstrap.Mean(sorted, 12);
        Estimate grouped = Bootstrap.OverGroups([.. sorted.Select(value => new[] { value, 1 })], 12, sums => sums[0] / sums[1]);
        Assert.Equal(mean.Value, grouped.Value, 1e-12);
        Assert.Equal(mean.Interval.Lower, grouped.Interval.Lower, 1e-12);
        Assert.Equal(mean.Interval.Upper, grouped.Interval.Upper, 1e-12);
        Assert.Equal(40, grouped.N);
    }

    [Fact]
    public void Groups_that_are_drawn_whole_give_wider_intervals_than_their_things()
    {
        // 20 groups of 10 equal things each: what counts is 20.
        double[] groups = Normal(20, seed: 8);
        double[] things = [.. groups.SelectMany(group => Enumerable.Repeat(group, 10))];
        Estimate whole = Bootstrap.OverGroups([.. groups.Select(group => new[] { 10 * group, 10 })], 1, sums => sums[0] / sums[1]);
        Estimate apart = Bootstrap.Mean(things, 1);
        Assert.Equal(apart.Value, whole.Value, 1e-12);
        Assert.InRange((whole.Interval.Upper - whole.Interval.Lower) / (apart.Interval.Upper - apart.Interval.Lower), 2.5, 4);   // sqrt 10 = 3.16
    }

    [Fact]
    public void A_number_that_most_resamples_do_not_have_gets_no_interval()
    {
        Estimate rare = Bootstrap.OverGroups([.. Enumerable.Range(0, 3).Select(i => new double[] { i == 0 ? 1 : 0 })], 1, sums => sums[0] > 2 ? 1 : double.NaN);
        Assert.Equal(double.NaN, rare.Value);
        Assert.Equal(Interval.None, rare.Interval);
        Assert.Equal(Estimate.None, Bootstrap.OverGroups([], 1, _ => 1));
    }

    [Fact]
    public void The_interval_of_a_difference_is_that_of_two_independent_means()
    {
        double[] first = Normal(500, seed: 1);
        double[] second = [.. Normal(300, seed: 2).Select(value => value + 1)];
        Estimate difference = Bootstrap.MeanDifference(first, second, 5);
        double error = Math.Sqrt((Variance(first) / 500) + (Variance(second) / 300));
        double value = first.Average() - second.Average();
        Assert.Equal(value, difference.Value, 1e-12);
        Assert.Equal(800, difference.N);
        Assert.Equal(value - (1.96 * error), difference.Interval.Lower, 0.4 * error);
        Assert.Equal(value + (1.96 * error), difference.Interval.Upper, 0.4 * error);
        Assert.Equal(Estimate.None, Bootstrap.MeanDifference(first, [double.NaN], 5));

        static double Variance(double[] values) => values.Sum(value => Math.Pow(value - values.Average(), 2)) / values.Length;
    }

    [Fact]
    public void The_interval_of_a_mean_is_that_of_the_normal_limit()
    {
        double[] values = Normal(2000, seed: 3);
        double mean = values.Average();
        double error = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean))) / values.Length;
        for (ulong seed = 0; seed < 10; seed++)
        {
            // A 2.5% quantile of 1,000 draws has a standard error of 0.085 standard errors of the mean.
            Interval interval = Bootstrap.Mean(values, seed).Interval;
            Assert.Equal(mean - (1.96 * error), interval.Lower, 0.3 * error);
            Assert.Equal(mean + (1.96 * error), interval.Upper, 0.3 * error);
        }
    }

    [Fact]
    public void The_interval_of_a_median_is_that_of_the_binomial()
    {
        // The median of a resample of n = 101 is at most value k of 101 where at least 51 draws are: a binomial tail at k / 101.
        const int N = 101;
        double[] values = [.. Enumerable.Range(1, N).Select(i => (double)i)];
        int lower = Enumerable.Range(1, N).First(k => AtMost(k) >= 0.025);
        int upper = Enumerable.Range(1, N).First(k => AtMost(k) >= 0.975);
        Assert.True(lower is > 35 and < 45 && upper is > 57 and < 67);
        for (ulong seed = 0; seed < 10; seed++)
        {
            Interval interval = Bootstrap.Median(values, seed).Interval;
            Assert.Equal(lower, interval.Lower, 2.0);
            Assert.Equal(upper, interval.Upper, 2.0);
        }

        static double AtMost(int k)
        {
            double p = (double)k / N;
            double tail = 0;
            for (int draws = 51; draws <= N; draws++)
            {
                double logChoose = Enumerable.Range(1, draws).Sum(i => Math.Log((N - draws + i) / (double)i));
                tail += Math.Exp(logChoose + (draws * Math.Log(p)) + ((N - draws) * (k == N && draws == N ? 0 : Math.Log(1 - p))));
            }

            return k == N ? 1 : tail;
        }
    }

    [Fact]
    public void About_19_of_20_intervals_hold_the_true_mean()
    {
        int held = Enumerable.Range(0, 400).Count(i => Bootstrap.Mean(Normal(60, seed: 1000 + i), (ulong)i).Interval.Contains(0));
        Assert.InRange(held, 360, 396);   // 380 expected, less a little for 60 values; standard deviation 4.4
    }

    [Fact]
    public void Order_and_missing_values_change_nothing()
    {
        double[] values = Normal(50, seed: 8);
        double[] other = [double.NaN, .. values.Reverse(), double.NaN];
        Assert.Equal(Bootstrap.Mean(values, 4), Bootstrap.Mean(other, 4));
        Assert.Equal(Bootstrap.Median(values, 4), Bootstrap.Median(other, 4));
        Assert.NotEqual(Bootstrap.Mean(values, 4).Interval, Bootstrap.Mean(values, 5).Interval);
        Assert.Equal(Estimate.None, Bootstrap.Mean([double.NaN], 0));
        Assert.Equal(Estimate.None, Bootstrap.Median([], 0));
        Assert.Equal(new Estimate(3, new Interval(3, 3), 1), Bootstrap.Median([3], 0));
    }

    // Box and Muller's pairs.
    private static double[] Normal(int n, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, n).Select(_ => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))];
    }
}
