using System.Text.Json;
using Keyhole.Statistics;
using Xunit;

namespace Keyhole.Tests.Statistics;

public sealed class FalseDiscoveryTests
{
    [Fact]
    public void Adjusted_values_and_rejections_are_those_of_statsmodels()
    {
        JsonElement[] cases = GoldenStatistics.Cases("benjamini-hochberg.json");
        Assert.Equal(3, cases.Length);
        foreach (JsonElement one in cases)
        {
            double[] p = one.Numbers("p");
            Assert.Equal(one.Numbers("adjusted"), FalseDiscovery.Adjusted(p), (a, b) => Math.Abs(a - b) < 1e-14);
            Assert.Equal(one.GetProperty("rejected_at_0_05").EnumerateArray().Select(value => value.GetBoolean()), FalseDiscovery.Rejected(p, 0.05));
        }
    }

    [Fact]
    public void The_authors_example()
    {
        // Benjamini and Hochberg 1995, section 3.2: 15 p-values of a study of myocardial infarction, of which the procedure rejects four at 0.05.
        double[] p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000];
        Assert.Equal(Enumerable.Range(0, 15).Select(i => i < 4), FalseDiscovery.Rejected(p, 0.05));
        Assert.Equal(0.0095 * 15 / 4, FalseDiscovery.Adjusted(p)[3], 1e-15);
        Assert.Equal(1, FalseDiscovery.Adjusted(p)[14]);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 17)]
    [InlineData(3, 400)]
    public void Values_are_their_definition_in_any_order(int seed, int n)
    {
        var random = new Random(seed);
        double[] p = [.. Enumerable.Range(0, n).Select(_ => Math.Round(Math.Pow(random.NextDouble(), 3), 2))];   // with ties, zeros among them
        double[] adjusted = FalseDiscovery.Adjusted(p);
        for (int i = 0; i < n; i++)
        {
            double expected = Enumerable.Range(0, n).Where(j => p[j] >= p[i]).Min(j => Math.Min(1, p[j] * n / p.Count(q => q <= p[j])));
            Assert.Equal(expected, adjusted[i], 1e-14);
        }

        int[] order = ShuffledPairs.Permutation(n, 3, (ulong)seed);
        Assert.Equal(order.Select(i => adjusted[i]), FalseDiscovery.Adjusted([.. order.Select(i => p[i])]));
        bool[] rejected = FalseDiscovery.Rejected(p, 0.1);
        Assert.Equal(adjusted.Select(value => value <= 0.1 + 1e-12), rejected);
    }

    [Fact]
    public void Few_of_what_is_rejected_is_wrong_on_average()
    {
        // 200 tests, 60 of them with an effect of 3 sd: the expected share of wrong rejections is at most 0.1 * 140 / 200 = 0.07; over 400 rounds its standard error is below 0.004.
        var random = new Random(11);
        double wrong = 0;
        double power = 0;
        for (int round = 0; round < 400; round++)
        {
            double[] p = [.. Enumerable.Range(0, 200).Select(i => UpperTail(Normal(random) + (i < 60 ? 3 : 0)))];
            bool[] rejected = FalseDiscovery.Rejected(p, 0.1);
            wrong += (double)rejected.Skip(60).Count(is_ => is_) / Math.Max(1, rejected.Count(is_ => is_)) / 400;
            power += rejected.Take(60).Count(is_ => is_) / 60.0 / 400;
        }

        Assert.InRange(wrong, 0.058, 0.082);
        Assert.True(power > 0.8);
    }

    [Fact]
    public void Edges()
    {
        Assert.Empty(FalseDiscovery.Adjusted([]));
        Assert.Equal([0, 1, 0], FalseDiscovery.Adjusted([0, 1, 0]));
        Assert.Equal([true, false, true], FalseDiscovery.Rejected([0, 1, 0], 0.05));
        Assert.Equal([0.02, double.NaN, 0.04], FalseDiscovery.Adjusted([0.01, double.NaN, 0.04]));   // a test that was not made is not counted
        Assert.Equal([true, false, true], FalseDiscovery.Rejected([0.01, double.NaN, 0.04], 0.05));
        Assert.Throws<ArgumentException>(() => FalseDiscovery.Adjusted([0.5, 1.5]));
        Assert.Throws<ArgumentException>(() => FalseDiscovery.Rejected([-0.1], 0.05));
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static double UpperTail(double z) => z > 0 ? Erfc(z / Math.Sqrt(2)) / 2 : 1 - (Erfc(-z / Math.Sqrt(2)) / 2);

    // Abramowitz and Stegun 7.1.26: within 1.5e-7.
    private static double Erfc(double x)
    {
        double t = 1 / (1 + (0.3275911 * x));
        return t * (0.254829592 + (t * (-0.284496736 + (t * (1.421413741 + (t * (-1.453152027 + (t * 1.061405429)))))))) * Math.Exp(-x * x);
    }
}
