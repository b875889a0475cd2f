using Xunit;

namespace Keyhole.Benchmarks.Tests;

public sealed class FigureTableTests
{
    [Theory]
    [InlineData(1234567.8, "1,234,568")]
    [InlineData(100.4, "100")]
    [InlineData(99.96, "100")]
    [InlineData(99.94, "99.9")]
    [InlineData(9.996, "10.0")]
    [InlineData(9.994, "9.99")]
    [InlineData(1, "1.00")]
    [InlineData(0.99951, "1.00")]
    [InlineData(0.9994, "0.999")]
    [InlineData(0.0604, "0.060")]
    [InlineData(-12.34, "-12.3")]
    [InlineData(0, "0.000")]
    [InlineData(double.NaN, "NaN")]
    public void Three_digits_count(double number, string digits) => Assert.Equal(digits, FigureTable.Digits(number));

    [Theory]
    [InlineData(0.7999, true, 0.8, "0.7999")]
    [InlineData(0.79999996, true, 0.8, "0.79999996")]
    [InlineData(0.8001, true, 0.8, "0.800")]
    [InlineData(0.7, true, 0.8, "0.700")]
    [InlineData(0.4996, true, 0.5, "0.4996")]
    [InlineData(30.04, false, 30, "30.04")]
    [InlineData(29.96, false, 30, "30.0")]
    [InlineData(500.3, false, 500, "500.3")]
    [InlineData(double.NaN, false, 500, "NaN")]
    public void Rounding_does_not_contradict_the_verdict(double number, bool isLeast, double limit, string shown)
    {
        Assert.Equal(shown, FigureTable.Ratio(new Figure("p", "n") { Value = 3, Ratio = number, Bar = new Bar(isLeast, limit) }));
        Assert.Equal(shown, FigureTable.Value(new Figure("p", "n") { Value = number, Bar = new Bar(isLeast, limit) }));
    }

    [Fact]
    public void A_value_that_is_not_judged_is_rounded_as_usual()
        => Assert.Equal("0.800", FigureTable.Value(new Figure("p", "n") { Value = 0.7999, Ratio = 2, Bar = Bar.AtLeast(0.8) }));

    [Fact]
    public void A_run_is_a_table_with_what_was_left_out_below()
    {
        var file = new FigureFile("a processor", "abc", new DateOnly(2026, 3, 4), Quick: true,
        [
            new Figure("mine", "mini") { Value = 98.7, Unit = "Gflop/s", Ratio = 0.7996, To = "products", Bar = Bar.AtLeast(0.8), Note = "short" },
            new Figure("merge", "a | b\nc") { Value = 17.6, Unit = "s", Bar = Bar.AtMost(30) },
            new Figure("start", "nothing"),
        ], ["the prototype needs\nAVX-512."], ["growth: it died."]);
        Assert.Equal(
            """
            Measured by `benchmarks/run --quick` on 2026-03-04: a processor; commit abc.

            | measure | figure | ratio | to | bar | |
            |---|---|---|---|---|---|
            | mine: mini (short) | 98.7 Gflop/s | 0.7996 | products | at least 0.8 | missed |
            | merge: a \| b c | 17.6 s |  |  | at most 30 | met |
            | start: nothing |  |  |  |  |  |

            Left out: the prototype needs AVX-512.

            Broken off: growth: it died.

            """, FigureTable.Of(file));
    }
}
