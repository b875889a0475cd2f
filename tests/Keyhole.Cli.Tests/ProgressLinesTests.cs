using Xunit;

namespace Keyhole.Cli.Tests;

public class ProgressLinesTests
{
    [Fact]
    public void A_line_has_the_share_the_detail_and_the_time_left()
    {
        var progress = new ProgressLines("mining", _ => { }, TimeSpan.Zero);
        Assert.Equal("mining: 25%, 1,234 tokens/s, 3 min 0 s left", progress.Line(new ProgressState(0.25, "1,234 tokens/s"), TimeSpan.FromSeconds(60)));
        Assert.Equal("mining: 0%", progress.Line(new ProgressState(0, ""), TimeSpan.FromSeconds(60)));
        Assert.Equal("mining: 100%, 0 s left", progress.Line(new ProgressState(1, ""), TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public void Lines_come_no_faster_than_the_interval()
    {
        List<string> often = [];
        List<string> seldom = [];
        var eager = new ProgressLines("mining", often.Add, TimeSpan.Zero);
        var calm = new ProgressLines("mining", seldom.Add, TimeSpan.FromHours(1));
        for (int i = 1; i <= 10; i++)
        {
            eager.Report(new ProgressState(i / 10.0, ""));
            calm.Report(new ProgressState(i / 10.0, ""));
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
