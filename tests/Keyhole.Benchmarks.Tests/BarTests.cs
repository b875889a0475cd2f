using Xunit;

namespace Keyhole.Benchmarks.Tests;

public sealed class BarTests
{
    [Theory]
    [InlineData(0.8, true)]
    [InlineData(0.7999999, false)]
    [InlineData(double.PositiveInfinity, true)]
    [InlineData(double.NaN, false)]
    public void A_lower_bar_is_met_at_its_limit_and_above(double number, bool isMet) => Assert.Equal(isMet, Bar.AtLeast(0.8).Holds(number));

    [Theory]
    [InlineData(0.05, true)]
    [InlineData(0.0500001, false)]
    [InlineData(double.NegativeInfinity, true)]
    [InlineData(double.NaN, false)]
    public void An_upper_bar_is_met_at_its_limit_and_below(double number, bool isMet) => Assert.Equal(isMet, Bar.AtMost(0.05).Holds(number));

    [Fact]
    public void It_is_written_as_it_is_read() => Assert.Equal(("at least 0.8", "at most 500"), ($"{Bar.AtLeast(0.8)}", $"{Bar.AtMost(500)}"));

    [Fact]
    public void A_figure_is_judged_by_its_ratio_where_it_has_one()
    {
        Assert.Null(new Figure("p", "n") { Value = 1 }.Ok);
        Assert.False(new Figure("p", "n") { Bar = Bar.AtLeast(0) }.Ok);
        Assert.True(new Figure("p", "n") { Value = 2, Bar = Bar.AtLeast(1) }.Ok);
        Assert.False(new Figure("p", "n") { Value = 2, Ratio = 0.5, Bar = Bar.AtLeast(1) }.Ok);
        Assert.False(new Figure("p", "n") { Value = 2, Ratio = double.NaN, Bar = Bar.AtLeast(1) }.Ok);
    }
}
