using System.Globalization;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Benchmarks.Tests;

public sealed class ChildProcessTests
{
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(2);   // a guard against a hang, no measure of speed

    [Fact]
    public void What_it_prints_is_kept()
    {
        using var folder = new TemporaryFolder();
        ChildProcess child = ChildProcess.Run("sh", ["-c", "printf '{\"a\": 7}'; pwd >&2; [ -z \"$GONE\" ] && [ \"$SET\" = x ]"], folder.Path, [("SET", "x"), ("GONE", null)], TestContext.Current.CancellationToken);
        Assert.Equal(7, child.Json.GetProperty("a").GetInt32());
        Assert.True(child.Seconds > 0);
    }

    [Fact]
    public void One_that_dies_is_told_of_in_a_sentence()
        => AssertFails("'sh -c' ended with 3: oh no", "sh", "-c", "echo first >&2; echo oh no >&2; exit 3");

    [Fact]
    public void One_that_is_killed_is_told_of()
        => AssertFails("'sh -c' ended with 137: it said nothing.", "sh", "-c", "kill -9 $$");

    [Fact]
    public void One_that_is_missing_is_told_of()
        => Assert.StartsWith("'no-such-program-here go' cannot be started: ", Failure("no-such-program-here", "go").Message, StringComparison.Ordinal);

    [Fact]
    public void A_folder_that_is_missing_is_told_of()
        => Assert.Contains("cannot be started", Assert.Throws<BenchmarkFailedException>(() => ChildProcess.Run("sh", ["-c", "true"], "/no/such/folder", [], TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);

    [Fact]
    public void An_assembly_is_called_by_its_name()
        => Assert.StartsWith("'keyhole nonsense' ended with 2: ", Failure("dotnet", Path.Combine(AppContext.BaseDirectory, "keyhole.dll"), "nonsense").Message, StringComparison.Ordinal);

    [Fact]
    public void Output_that_is_no_JSON_is_told_of()
    {
        ChildProcess child = ChildProcess.Run("sh", ["-c", "echo hello"], TestContext.Current.CancellationToken);
        Assert.StartsWith("'sh -c' printed no JSON object: ", Assert.Throws<BenchmarkFailedException>(() => child.Json).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("keyhole: reading\nkeyhole: error KH1001: no such file. Check it.\nmore\n", "keyhole: error KH1001: no such file. Check it.")]
    [InlineData("Unhandled exception. System.InvalidOperationException: gone\n   at Main()\n   at Error()\n", "Unhandled exception. System.InvalidOperationException: gone")]
    [InlineData("Traceback (most recent call last):\n  File \"x.py\", line 1\n    import error\nModuleNotFoundError: No module named 'torch'\n", "ModuleNotFoundError: No module named 'torch'")]
    [InlineData("node:internal/modules:844\n  throw new ERR(Error)\n        ^\n\nError [ERR_MODULE_NOT_FOUND]: Cannot find package 'x'\n    at go\n", "Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'x'")]
    [InlineData("Killed\n\n", "Killed")]
    [InlineData("", "it said nothing.")]
    public void The_line_that_tells_what_went_wrong_is_picked(string error, string said) => Assert.Equal(said, ChildProcess.Complaint(error));

    [Fact]
    public void A_long_complaint_is_cut() => Assert.Equal(new string('x', 500) + "...", ChildProcess.Complaint(new string('x', 100_000)));

    [Fact]
    public async Task One_that_is_stopped_ends_with_all_that_it_started()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        string started = folder.File("pid");
        Task<ChildProcess> run = Task.Run(() => ChildProcess.Run("sh", ["-c", $"sleep 600 & echo $! > {started}.new; mv {started}.new {started}; wait"], stop.Token), CancellationToken.None);
        Assert.True(SpinWait.SpinUntil(() => File.Exists(started), s_longest), "It did not start.");
        int grandchild = int.Parse(await File.ReadAllTextAsync(started, TestContext.Current.CancellationToken), CultureInfo.InvariantCulture);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.True(SpinWait.SpinUntil(() => !Exists(grandchild), s_longest), "What it started is still there.");
    }

    [Fact]
    public void Nothing_is_started_after_a_stop()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => ChildProcess.Run("touch", [folder.File("made")], stop.Token));
        Assert.False(File.Exists(folder.File("made")));
    }

    // A process that has ended and that nobody has waited for counts as gone.
    private static bool Exists(int id)
    {
        try
        {
            return !File.ReadAllText($"/proc/{id}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static void AssertFails(string sentence, string program, params string[] arguments) => Assert.Equal(sentence, Failure(program, arguments).Message);

    private static BenchmarkFailedException Failure(string program, params string[] arguments)
        => Assert.Throws<BenchmarkFailedException>(() => ChildProcess.Run(program, arguments, TestContext.Current.CancellationToken));
}
