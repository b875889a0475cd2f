using Keyhole.Cli.Slurm;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Cli.Tests.Slurm;

public class ShardLogTests
{
    private const string Begun = """
        {"event":"start","job":"7_3"}
        {"event":"progress","share":0.5,"secondsLeft":120}

        """;

    [Fact]
    public void Nothing_tells_nothing()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(ShardLog.None, ShardLog.Read(folder.File("none.log")));
        Assert.Equal(ShardLog.None, ShardLog.Parse(""));
    }

    [Fact]
    public void The_last_progress_counts() => Assert.Equal(new ShardLog(0.5, 120, null, null), ShardLog.Parse(Begun));

    [Fact]
    public void What_Slurm_writes_between_is_an_error()
        => Assert.Equal("slurmstepd: error: *** JOB 7 CANCELLED DUE TO TIME LIMIT ***", ShardLog.Parse(Begun + "slurmstepd: error: *** JOB 7 CANCELLED DUE TO TIME LIMIT ***\n").Error);

    [Fact]
    public void An_error_of_the_command_has_its_code_and_the_end_its_exit_code()
        => Assert.Equal(new ShardLog(0.5, null, 3, "KH5001: NaN"), ShardLog.Parse(Begun + """{"event":"error","code":"KH5001","message":"NaN"}""" + "\n" + """{"event":"end","exitCode":3}"""));

    [Fact]
    public void A_new_start_forgets_the_errors_and_keeps_the_share()
        => Assert.Equal(new ShardLog(0.5, null, null, null), ShardLog.Parse(Begun + "Killed\n" + """{"event":"end","exitCode":137}""" + "\n" + """{"event":"start"}"""));

    [Theory]
    [InlineData("{\"event\":\"progress\",\"share\":")]
    [InlineData("{}")]
    [InlineData("{\"event\":7,\"share\":\"x\"}")]
    [InlineData("{\"event\":\"progress\",\"share\":\"x\"}")]
    [InlineData("\0\0\0")]
    public void A_damaged_line_is_passed_over(string line) => Assert.Equal(0.5, ShardLog.Parse(Begun + line + "\n").Share);

    [Fact]
    public void Of_a_long_log_the_end_is_read()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("a.log", new string('x', 1 << 20) + "\n" + Begun);
        Assert.Equal(0.5, ShardLog.Read(path).Share);
    }
}
