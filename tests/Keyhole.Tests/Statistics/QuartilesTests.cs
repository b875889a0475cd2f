using System.Globalization;
using System.Text.Json;
using Keyhole.Statistics;
using Xunit;

namespace Keyhole.Tests.Statistics;

public sealed class QuartilesTests
{
    [Fact]
    public void Quantiles_agree_with_numpy()
    {
        JsonElement[] samples = GoldenStatistics.Cases("moments.json");
        JsonElement[] cases = GoldenStatistics.Cases("quantiles.json");
        Assert.Equal((7, 7), (samples.Length, cases.Length));
        foreach ((JsonElement sample, JsonElement golden) in samples.Zip(cases))
        {
            Assert.Equal(sample.GetProperty("name").GetString(), golden.GetProperty("name").GetString());
            double[] values = [.. sample.GetProperty("values").EnumerateArray().Select(value => value.GetDouble())];
            double[] sorted = Quantile.Sorted(values);
            var expected = golden.GetProperty("quantiles").EnumerateObject().ToDictionary(at => double.Parse(at.Name, CultureInfo.InvariantCulture), at => at.Value.GetDouble());
            Assert.Equal(7, expected.Count);
            foreach ((double q, double value) in expected)
            {
                Assert.Equal(value, Quantile.OfSorted(sorted, q), 1e-13 * Math.Max(1, Math.Abs(value)));
            }

            Assert.Equal(new Quartiles(Quantile.OfSorted(sorted, 0.25), Quantile.OfSorted(sorted, 0.5), Quantile.OfSorted(sorted, 0.75)), Quartiles.Of(values));
        }
    }

    [Fact]
    public void Small_cases_are_exact()
    {
        Assert.Equal(new Quartiles(2, 3, 4), Quartiles.Of([5, 1, 4, 2, 3]));
        Assert.Equal(new Quartiles(1.75, 2.5, 3.25), Quartiles.Of([4, double.NaN, 1, 2, double.NaN, 3]));
        Assert.Equal(new Quartiles(7, 7, 7), Quartiles.Of([7]));
        Assert.Equal(Quartiles.None, Quartiles.Of([]));
        Assert.Equal(Quartiles.None, Quartiles.Of([double.NaN]));
        Assert.Equal(new Quartiles(double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity), Quartiles.Of([0, double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity]));
    }
}
