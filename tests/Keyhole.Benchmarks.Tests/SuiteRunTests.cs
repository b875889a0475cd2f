using Keyhole.Cli;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Benchmarks.Tests;

public sealed class SuiteRunTests
{
    private static readonly SuitePart s_met = new("met", suite => suite.Add(new Figure("met", "good") { Value = 2, Unit = "s", Bar = Bar.AtMost(2) }));
    private static readonly SuitePart s_missed = new("missed", suite => suite.Add(new Figure("missed", "bad") { Value = 1, Ratio = 0.7996, To = "it", Bar = Bar.AtLeast(0.8), Note = "why" }));
    private static readonly SuitePart s_lacking = new("lacking", suite => Assert.False(suite.Has("a thing", suite.InWork("nowhere"))));
    private static readonly SuitePart s_dying = new("dying", suite => suite.Run("sh", ["-c", "echo 'boom: error 7' >&2; exit 9"]));

    [Fact]
    public void All_bars_met_is_0_with_every_figure_on_a_line()
    {
        (int code, string output, string error) = Run(null, s_met, s_lacking);
        Assert.Equal(0, code);
        Assert.Equal("met ...\nlacking ...\n", error);
        Assert.StartsWith("met: good  2.00 s  (at most 2: met)\nleft out: a thing: ", output, StringComparison.Ordinal);
        Assert.EndsWith("nowhere is not there.\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missed_bar_is_1()
    {
        (int code, string output, string _) = Run(null, s_missed, s_met);
        Assert.Equal(1, code);
        Assert.Equal("missed: bad  1.00   0.7996 to it  (at least 0.8: missed)  [why]\nmet: good  2.00 s  (at most 2: met)\n", output);
    }

    [Fact]
    public void A_part_that_breaks_off_is_1_and_the_next_one_runs()
    {
        using var folder = new TemporaryFolder();
        string json = folder.File("f.json");
        (int code, string output, string error) = Run(json, s_dying, s_met);
        Assert.Equal(1, code);
        Assert.Equal("met: good  2.00 s  (at most 2: met)\n", output);
        Assert.Equal("dying ...\nbroken off: dying: 'sh -c' ended with 9: boom: error 7\nmet ...\n", error);
        FigureFile file = FigureFile.Read(json);
        Assert.Equal("good", Assert.Single(file.Figures).Name);
        Assert.Equal(["dying: 'sh -c' ended with 9: boom: error 7"], file.BrokenOff);
    }

    [Fact]
    public void An_error_of_a_part_is_told_in_one_line()
    {
        (int code, string _, string error) = Run(null, new SuitePart("wrong", _ => throw new InvalidOperationException("no such\nthing")));
        Assert.Equal(1, code);
        Assert.Equal(2, error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("no such thing", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_what_is_asked_for_runs_in_the_suites_order()
    {
        var output = new StringWriter();
        var ran = new List<string>();
        SuitePart[] parts = [.. ((string[])["a", "b", "c"]).Select(name => new SuitePart(name, suite => ran.Add($"{name} {suite.Quick} {suite.Threads}")))];
        Assert.Equal(0, SuiteRun.Run(SharedData.Repository, new SuiteOptions(Quick: true, Json: null, Threads: 5, ["c", "a"]), parts, output, output, CancellationToken.None));
        Assert.Equal(["a True 5", "c True 5"], ran);
    }

    [Fact]
    public void Figures_so_far_are_written_when_it_is_stopped_and_the_work_folder_goes()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        string json = folder.File("f.json");
        string? work = null;
        var stopping = new SuitePart("stopping", suite =>
        {
            work = suite.Work;
            File.WriteAllText(suite.InWork("large"), "left");
            stop.Cancel();
            suite.Run("sleep", ["60"]);
        });
        Assert.Throws<OperationCanceledException>(() => Run(json, stop.Token, s_met, stopping, s_missed));
        Assert.Equal("good", Assert.Single(FigureFile.Read(json).Figures).Name);
        Assert.False(Directory.Exists(work));
    }

    [Fact]
    public void A_place_where_no_figures_can_be_written_is_refused_before_anything_runs()
    {
        using var folder = new TemporaryFolder();
        var never = new SuitePart("never", _ => Assert.Fail("It ran."));
        Assert.Contains("this is a folder", Assert.Throws<UsageException>(() => Run(folder.Path, never)).Message, StringComparison.Ordinal);
        Assert.Contains("there is no folder", Assert.Throws<UsageException>(() => Run(folder.File("no", "f.json"), never)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_of_parts_are_different_and_the_page_on_performance_tells_of_each()
    {
        string page = File.ReadAllText(Path.Combine(SharedData.Repository, "docs", "performance.md"));
        Assert.Equal(SuiteRun.Parts.Count, SuiteRun.Parts.Select(part => part.Name).Distinct().Count());
        Assert.Contains($"({string.Join(", ", SuiteRun.Parts.Select(part => $"`{part.Name}`"))})", page, StringComparison.Ordinal);
        Assert.Contains($"`benchmarks/run {SuiteOptions.Usage}`", page, StringComparison.Ordinal);
        Assert.Contains($"#   benchmarks/run {SuiteOptions.Usage}\n", File.ReadAllText(Path.Combine(SharedData.Repository, "benchmarks", "run")), StringComparison.Ordinal);
    }

    private static (int Code, string Output, string Error) Run(string? json, params SuitePart[] parts) => Run(json, CancellationToken.None, parts);

    private static (int Code, string Output, string Error) Run(string? json, CancellationToken stop, params SuitePart[] parts)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int code = SuiteRun.Run(SharedData.Repository, new SuiteOptions(Quick: true, json, Threads: 1, []), parts, output, error, stop);
        return (code, output.ToString(), error.ToString());
    }
}
