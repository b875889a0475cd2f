using Keyhole.Patterns;
using Xunit;

namespace Keyhole.Tests.Patterns;

public class DiscoveryCurveTests
{
    [Fact]
    public void The_rates_of_lists_are_those_of_Benjamini_and_Hochberg()
    {
        // Their paper's example (1995, section 4.1), by hand: p_i m / i, and from the end the smallest so far.
        double[] p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000];
        DiscoveryCurve curve = new([.. p, double.NaN]);
        Assert.Equal(15, curve.Tested);
        Assert.Equal([0.0015, 0.003, 0.0095, 0.035625], p[..4].Select(curve.Q), (x, y) => Math.Abs(x - y) < 1e-12);
        Assert.Equal(0.05 * 4 / 15, curve.Level(0.05), 1e-15);
        Assert.True(curve.Q(curve.Level(0.05)) <= 0.05);
    }

    [Fact]
    public void A_pattern_that_is_not_its_lists_best_is_judged_at_the_level_of_the_lists()
    {
        DiscoveryCurve curve = new([0.001, 0.001, 0.001, 0.5, 0.9]);
        Assert.Equal(0.001 * 5 / 3, curve.Q(0.001), 1e-15);
        Assert.Equal(0.002 * 5 / 3, curve.Q(0.002), 1e-15);
        Assert.Equal(0.5 * 5 / 4, curve.Q(0.5), 1e-15);
        Assert.Equal(1, curve.Q(1));
    }

    [Fact]
    public void Of_no_lists_nothing_is_found() => Assert.Equal(0, new DiscoveryCurve([double.NaN]).Level(0.05));
}
