using Keyhole.Reports;
using Keyhole.Statistics;
using Xunit;

namespace Keyhole.Tests.Reports;

public class NumbersTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(1234.4, "1,234")]
    [InlineData(0.0123456, "0.0123")]
    [InlineData(-3.14159, "−3.14")]
    [InlineData(0.00001234, "1.23e−5")]
    [InlineData(double.NaN, "–")]
    [InlineData(double.PositiveInfinity, "∞")]
    public void Plain_numbers_have_three_significant_digits_or_are_whole(double value, string expected) => Assert.Equal(expected, Numbers.Plain(value));

    [Theory]
    [InlineData(0.0351, "3.5%")]
    [InlineData(0.683, "68.3%")]
    [InlineData(1, "100%")]
    [InlineData(0, "0%")]
    [InlineData(0.000004, "0.0004%")]
    public void Shares_are_percent(double share, string expected) => Assert.Equal(expected, Numbers.Percent(share));

    [Fact]
    public void Intervals_stand_with_n()
    {
        Assert.Equal("40.4% to 59.6% (n\u00A0=\u00A0100)", Numbers.IntervalOf(new Share(50, 100)));
        Assert.Equal("−70% to −66% (n\u00A0=\u00A050)", Numbers.ChangeIntervalOf(new Estimate(-68, new Interval(-70, -66), 50)));
    }
}
