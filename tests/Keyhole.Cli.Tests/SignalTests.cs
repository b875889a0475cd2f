using System.Diagnostics;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Cli.Tests;

public class SignalTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10); // A guard against a hang, no measure of speed.

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public void A_demo_that_is_stopped_while_it_mines_leaves_nothing(string signal, int exitStatus)
        => AssertStopsAndLeavesNothing(signal, exitStatus, "demo");

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    [InlineData("TERM TERM", 143)] // as from a scheduler and from the script of its job
    public void Mining_that_is_stopped_leaves_a_checkpoint_and_goes_on_from_it(string signal, int exitStatus)
    {
        using var folder = new TemporaryFolder();
        string study = folder.File("a.study");
        string[] command = ["mine", "models/mini", "corpora/mini.train-sample.txt", "--unit", "line", "--limit", "3000"];
        string error = AssertStops(study, signal, exitStatus, command);
        Assert.Contains("checkpoint written; the same command with --resume goes on from it.\n", error, StringComparison.Ordinal);
        Assert.Equal([study + ".run"], Directory.GetFileSystemEntries(folder.Path));

        CommandResult refused = KeyholeProcess.Run([.. command, "-o", study]);
        Assert.Equal(3, refused.ExitStatus);
        Assert.StartsWith("keyhole: error KH5010: ", refused.Error, StringComparison.Ordinal);
        CommandResult resumed = KeyholeProcess.Run([.. command, "-o", study, "--resume"]);
        Assert.Equal((0, ""), (resumed.ExitStatus, resumed.Output));
        Assert.Equal([study], Directory.GetFileSystemEntries(folder.Path));

        CommandResult again = KeyholeProcess.Run([.. command, "-o", study, "--resume"]);
        Assert.Equal(0, again.ExitStatus);
        Assert.Contains("finished before; nothing was done.", again.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public void Mining_that_is_stopped_while_it_waits_for_standard_input_leaves_nothing(string signal, int exitStatus)
        => AssertStopsAndLeavesNothing(signal, exitStatus, "mine", "models/mini", "-", "--unit", "line");

    [Fact]
    public void A_study_that_was_there_stays_when_its_successor_is_stopped()
    {
        using var folder = new TemporaryFolder();
        string study = folder.Write("a.study", "precious");
        AssertStops(study, "INT", 130, "mine", "models/mini", "corpora/mini.train-sample.txt", "--overwrite");
        Assert.Equal("precious", File.ReadAllText(study));
        Assert.Equal([study, study + ".run"], Directory.GetFileSystemEntries(folder.Path).Order(StringComparer.Ordinal));
    }

    private static void AssertStopsAndLeavesNothing(string signal, int exitStatus, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        AssertStops(folder.File("a.study"), signal, exitStatus, arguments);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    // Returns what was printed on standard error.
    private static string AssertStops(string study, string signal, int exitStatus, params string[] arguments)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The test needs Unix signals.");
        var start = new ProcessStartInfo(KeyholeProcess.DotnetHost, [KeyholeProcess.Assembly, .. arguments, "-o", study])
        {
            RedirectStandardInput = true, // Open and silent until the end.
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = SharedData.Repository,
        };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        Assert.True(SpinWait.SpinUntil(() => File.Exists(study + ".run/tokens"), Longest), "The run did not begin.");
        Thread.Sleep(TimeSpan.FromSeconds(2)); // Into the middle of its work.
        Assert.False(process.HasExited, "The run ended before it could be stopped.");
        foreach (string one in signal.Split(' '))
        {
            KeyholeProcess.Signal(process, one);
        }
        Assert.True(process.WaitForExit(Longest), "The command did not stop.");
        Assert.Equal(exitStatus, process.ExitCode);
        Assert.EndsWith("keyhole: stopped.\n", error.Result, StringComparison.Ordinal);
        return error.Result;
    }
}
