using System.Text.Json;
using Keyhole.Statistics;
using Xunit;

namespace Keyhole.Tests.Statistics;

public sealed class ShareTests
{
    [Fact]
    public void Wilson_agrees_with_statsmodels()
    {
        JsonElement[] cases = GoldenStatistics.Cases("wilson.json");
        Assert.Equal(7, cases.Length);
        foreach (JsonElement one in cases)
        {
            Interval interval = new Share(one.GetProperty("successes").GetInt64(), one.GetProperty("trials").GetInt64()).Wilson();
            Assert.Equal(one.GetProperty("low").GetDouble(), interval.Lower, 1e-14);
            Assert.Equal(one.GetProperty("high").GetDouble(), interval.Upper, 1e-14);
        }
    }

    [Fact]
    public void The_ends_are_where_the_score_test_turns()
    {
        // Wilson's ends are the two p at which |Count / n - p| = z sqrt(p (1 - p) / n): the definition, not the formula.
        for (long total = 1; total <= 60; total++)
        {
            for (long count = 0; count <= total; count++)
            {
                Share share = new(count, total);
                Interval interval = share.Wilson();
                Assert.True(interval.Lower >= 0 && interval.Upper <= 1 && interval.Contains(share.Value), $"{share}: {interval}");
                foreach (double p in (double[])[interval.Lower, interval.Upper])
                {
                    Assert.Equal(Math.Pow(share.Value - p, 2), Math.Pow(1.959963984540054, 2) * p * (1 - p) / total, 1e-12);
                }

                Interval mirrored = new Share(total - count, total).Wilson();
                Assert.Equal(1 - mirrored.Upper, interval.Lower, 1e-14);
            }
        }
    }

    [Fact]
    public void A_share_of_nothing_is_no_number()
    {
        Share nothing = default;
        Assert.True(double.IsNaN(nothing.Value) && double.IsNaN(nothing.Wilson().Lower) && double.IsNaN(nothing.Wilson().Upper));
        Assert.False(nothing.Wilson().Contains(0));
        Assert.Equal(0.25, new Share(1, 4).Value);
    }
}
