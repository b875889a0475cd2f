using Xunit;

namespace Keyhole.Cli.Tests;

public class ProgressLinesTests
{
    [Fact]
    public void A_line_has_the_share_the_detail_and_the_time_left()
    {
        Assert.Equal("mining: 25%, 1,234 tokens/s, 3 min 0 s left", ProgressLines.Line(new ProgressState("mining", 0.25, "1,234 tokens/s"), TimeSpan.FromSeconds(180)));
        Assert.Equal("mining: 0%", ProgressLines.Line(new ProgressState("mining", 0, ""), null));
        Assert.Equal("mining: 100%, 0 s left", ProgressLines.Line(new ProgressState("mining", 1, ""), TimeSpan.Zero));
    }

    [Fact]
    public void The_time_left_is_told_by_what_was_done_since_the_first_report()
    {
        var remaining = new RemainingTime();
        Assert.Null(remaining.After(0.5, TimeSpan.FromSeconds(10))); // goes on from a checkpoint in the middle
        Assert.Null(remaining.After(0.5, TimeSpan.FromSeconds(11)));
        Assert.Equal(TimeSpan.FromSeconds(80), remaining.After(0.6, TimeSpan.FromSeconds(30)));
        Assert.Equal(TimeSpan.Zero, remaining.After(1, TimeSpan.FromSeconds(110)));
    }

    [Fact]
    public void Lines_come_no_faster_than_the_interval()
    {
        List<string> often = [];
        List<string> seldom = [];
        var eager = new ProgressLines(often.Add, TimeSpan.Zero);
        var calm = new ProgressLines(seldom.Add, TimeSpan.FromHours(1));
        for (int i = 1; i <= 10; i++)
        {
            eager.Report(new ProgressState("mining", i / 10.0, ""));
            calm.Report(new ProgressState("mining", i / 10.0, ""));
        }
        Assert.Equal(10, often.Count);
        Assert.Empty(seldom);
    }

    [Theory]
    [InlineData(0.2, "0 s")]
    [InlineData(59.4, "59 s")]
    [InlineData(59.6, "1 min 0 s")]
    [InlineData(200, "3 min 20 s")]
    [InlineData(3599.9, "1 h 0 min")]
    [InlineData(7500, "2 h 5 min")]
    [InlineData(360000, "100 h 0 min")]
    public void Times_read_well(double seconds, string text) => Assert.Equal(text, TimeText.Short(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "0.98 KiB")]
    [InlineData(20140920, "19.2 MiB")]
    [InlineData(1408749273, "1.31 GiB")]
    [InlineData(600L << 30, "600 GiB")]
    public void Sizes_have_three_digits(long bytes, string text) => Assert.Equal(text, SizeText.Of(bytes));
}
