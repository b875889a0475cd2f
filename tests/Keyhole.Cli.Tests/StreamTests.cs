using System.Diagnostics;
using System.Globalization;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Cli.Tests;

public class StreamTests
{
    private const string LongListing = "$KEYHOLE tokenize models/mini corpora/mini.train-sample.txt --json";

    [Fact]
    public void A_closed_pipe_ends_the_command_quietly()
    {
        RequireShell();
        CommandResult result = KeyholeProcess.Shell($"({LongListing}; echo $? >&2) | head -n 1");
        Assert.Equal(1, result.Output.Count(c => c == '\n'));
        Assert.Equal("0\n", result.Error);
    }

    [Fact]
    public void A_full_disk_is_one_sentence()
    {
        RequireShell();
        Assert.SkipUnless(File.Exists("/dev/full"), "This system has no '/dev/full'.");
        CommandResult result = KeyholeProcess.Shell($"{LongListing} > /dev/full");
        Assert.Equal(1, result.ExitStatus);
        Assert.Matches("^keyhole: error KH6003: The disk is full .*\n$", result.Error);
    }

    [Fact]
    public void Several_commands_may_write_to_one_file()
    {
        RequireShell();
        using var folder = new TemporaryFolder();
        KeyholeProcess.Shell($"($KEYHOLE --version; $KEYHOLE --version) > {folder.File("out")}");
        Assert.Equal(2, File.ReadAllLines(folder.File("out")).Length);
    }

    [Fact]
    public void Nothing_is_coloured_where_there_is_no_terminal()
    {
        CommandResult result = KeyholeProcess.Run("inspect", "models/mini", "--tensors");
        Assert.DoesNotContain('\e', result.Output);
        Assert.DoesNotContain('\e', result.Error);
    }

    [Theory]
    [InlineData("", "", true)]
    [InlineData("NO_COLOR=1", "", false)]
    [InlineData("NO_COLOR=", "", true)]
    [InlineData("", "--no-color", false)]
    [InlineData("KEYHOLE_NO_COLOR=1", "", false)]
    [InlineData("TERM=dumb", "", false)]
    public void Errors_are_coloured_on_a_terminal_unless_it_is_switched_off(string environment, string option, bool coloured)
    {
        CommandResult result = OnTerminal($"env TERM=xterm {environment} $KEYHOLE inspect no/such/model {option}");
        Assert.Contains("no/such/model", result.Output, StringComparison.Ordinal);
        Assert.Equal(coloured, result.Output.Contains("\e[31m", StringComparison.Ordinal));
    }

    [Fact]
    public void Quiet_leaves_out_messages_but_no_errors()
    {
        Assert.Empty(KeyholeProcess.Run("inspect", "models/mini", "--tensors", "--quiet").Error);
        Assert.NotEmpty(KeyholeProcess.Run("inspect", "no/such/model", "--quiet").Error);
    }

    [Fact]
    public void Only_verbose_shows_where_an_error_came_from()
    {
        Assert.DoesNotContain("   at ", KeyholeProcess.Run("inspect", "no/such/model").Error, StringComparison.Ordinal);
        Assert.Contains("   at Keyhole.", KeyholeProcess.Run("inspect", "no/such/model", "--verbose").Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public void A_signal_ends_a_wait_for_standard_input(string signal, int exitStatus)
    {
        RequireShell();
        var start = new ProcessStartInfo(KeyholeProcess.DotnetHost, [KeyholeProcess.Assembly, "tokenize", "models/mini"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = SharedData.Repository,
        };
        using Process process = Process.Start(start)!;
        process.StandardInput.Write("a\n");
        process.StandardInput.Flush();
        Thread.Sleep(TimeSpan.FromSeconds(2)); // Long enough to be in the middle of the work; were it not, the default action is the same.
        using Process kill = Process.Start("kill", ["-s", signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(10)), "The command did not stop.");
        Assert.Equal(exitStatus, process.ExitCode);
    }

    private static CommandResult OnTerminal(string line)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "The program 'script' (util-linux), which gives the command a terminal, is not on this machine.");
        return KeyholeProcess.Shell($"/usr/bin/script -qec '{line}' /dev/null");
    }

    private static void RequireShell() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The test needs a Unix shell.");
}
