using Xunit;

namespace Keyhole.Benchmarks.Tests;

public sealed class GrowthLineTests
{
    private const int Places = 9;

    [Fact]
    public void Two_runs_lie_on_their_line()
    {
        (long, double)[] runs = [(10, 70), (30, 110)];
        GrowthLine line = GrowthLine.Through(runs);
        Assert.Equal(50, line.Start, Places);
        Assert.Equal(2, line.Each, Places);
        Assert.Equal(0, line.LargestDeviation(runs), Places);
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(1e6, 0.25)]
    [InlineData(7e11, 5.6e6)]
    public void Runs_on_a_line_give_the_line(double start, double each)
    {
        (long Tokens, double Cost)[] runs = [.. new long[] { 10_000, 30_000, 100_000, 300_000, 1_000_000 }.Select(tokens => (tokens, start + (each * tokens)))];
        GrowthLine line = GrowthLine.Through(runs);
        Assert.Equal(start, line.Start, 1e-6 * (start + each));
        Assert.Equal(1, line.Each / each, Places);
        Assert.Equal(0, line.LargestDeviation(runs), Places);
        Assert.Equal(start + (5 * each), line.At(5), 1e-6 * (start + each));
    }

    [Fact]
    public void Deviations_count_by_their_share()
    {
        // The first run fixes start = 1. Of the others u = start + each makes (u / 2 - 1)^2 + (u / 4 - 1)^2 least: u = (1/2 + 1/4) / (1/4 + 1/16) = 2.4, where plain least squares have 3.
        (long, double)[] runs = [(0, 1), (1, 2), (1, 4)];
        GrowthLine line = GrowthLine.Through(runs);
        Assert.Equal(1, line.Start, Places);
        Assert.Equal(1.4, line.Each, Places);
        Assert.Equal((4 / 2.4) - 1, line.LargestDeviation(runs), Places);
    }

    [Fact]
    public void A_line_that_would_begin_below_nothing_goes_through_the_origin()
    {
        // Through (1, 1) and (2, 4) the start would be -2. Least squares of e t / c - 1: e = (1 + 1/2) / (1 + 1/4) = 1.2.
        GrowthLine line = GrowthLine.Through([(1, 1), (2, 4)]);
        Assert.Equal(0, line.Start);
        Assert.Equal(1.2, line.Each, Places);
        Assert.Equal((4 / 2.4) - 1, line.LargestDeviation([(1, 1), (2, 4)]), Places);
    }

    [Theory]
    [InlineData(1e-12)]
    [InlineData(1e9)]
    public void It_does_not_depend_on_the_unit_of_cost(double unit)
    {
        (long Tokens, double Cost)[] runs = [(10_000, 1.1), (30_000, 2.9), (100_000, 10.4), (300_000, 29)];
        (long Tokens, double Cost)[] scaled = [.. runs.Select(run => (run.Tokens, run.Cost * unit))];
        double deviation = GrowthLine.Through(runs).LargestDeviation(runs);
        Assert.InRange(deviation, 0.01, 0.1);
        Assert.Equal(deviation, GrowthLine.Through(scaled).LargestDeviation(scaled), Places);
    }

    [Fact]
    public void One_size_is_no_line()
    {
        Assert.Throws<ArgumentException>(() => GrowthLine.Through([]));
        Assert.Throws<ArgumentException>(() => GrowthLine.Through([(5, 1.0), (5, 2.0)]));
    }
}
