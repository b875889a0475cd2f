using System.Diagnostics;
using System.Globalization;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Benchmarks.Tests;

public sealed class BenchmarksEdgeTests
{
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(10);   // a guard against a hang, no measure of speed

    [Theory]
    [InlineData("nothing is asked for.")]
    [InlineData("'fly' cannot be understood.", "fly")]
    [InlineData("'table' cannot be understood.", "table")]
    [InlineData("'f32 a' cannot be understood.", "f32", "a")]
    [InlineData("there is no such part", "run", ".", "--only", "gems")]
    [InlineData("not a number from 1", "run", ".", "--threads", "many")]
    [InlineData("'--faster' is no option", "run", ".", "--faster")]
    [InlineData("'mine' takes MODEL CORPUS", "mine", "x")]
    public void What_cannot_be_understood_is_2_with_a_sentence_and_the_usage(string part, params string[] arguments)
    {
        (int code, string output, string error) = Run(arguments);
        Assert.Equal((2, ""), (code, output));
        string[] lines = error.Split('\n');
        Assert.StartsWith("keyhole-benchmarks: error: ", lines[0], StringComparison.Ordinal);
        Assert.Contains(part, lines[0], StringComparison.Ordinal);
        Assert.Contains("usage: benchmarks/run [--quick] [--json FILE] [--threads N] [--only PART]...", lines);
        Assert.Contains("parts: gemm, forward, ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("run", ".", "--help")]
    public void Help_is_a_result(params string[] arguments)
    {
        (int code, string output, string error) = Run(arguments);
        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith("usage: ", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_figures_becomes_a_table()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("f.json");
        var file = new FigureFile("m", "c", new DateOnly(2026, 1, 2), Quick: false, [new Figure("p", "n") { Value = 3, Unit = "s" }], [], []);
        file.Write(path);
        Assert.Equal((0, FigureTable.Of(file), ""), Run("table", path));
    }

    [Fact]
    public void A_foreign_file_is_1_with_a_sentence()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("f.json", "{}");
        Assert.Equal((1, "", $"keyhole-benchmarks: error: '{path}' is no file that benchmarks/run --json wrote: 'schemaVersion' is missing.\n"), Run("table", path));
    }

    [Theory]
    [InlineData("table", "no-such-file.json")]
    [InlineData("f32", "no-such-model.gguf", "out.gguf")]
    public void A_missing_file_is_3_with_a_sentence(params string[] arguments)
    {
        (int code, string output, string error) = Run(arguments);
        Assert.Equal((3, ""), (code, output));
        Assert.Contains(arguments[1], error, StringComparison.Ordinal);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.False(File.Exists("out.gguf"));
    }

    // The real thing in a root without a model: its children end with an error, and so does it.
    [Fact]
    public void Children_that_refuse_their_input_break_their_part_off()
    {
        using var folder = new TemporaryFolder();
        (int code, string output, string error) = Run("run", folder.Path, "--quick", "--only", "start", "--json", folder.File("f.json"));
        Assert.Equal((1, ""), (code, output));
        Assert.Matches(@"\Astart \.\.\.\nbroken off: start: 'keyhole mine' ended with 3: keyhole: error KH[0-9]{4}: [^\n]*\n\z", error);
        FigureFile file = FigureFile.Read(folder.File("f.json"));
        Assert.Equal("unknown", file.Commit);
        Assert.Single(file.BrokenOff);
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task A_signal_ends_it_with_its_children_and_leaves_nothing(string signal, int code)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The test needs signals and /proc.");
        using var folder = new TemporaryFolder();
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "keyhole-benchmarks.dll"), "run", SharedData.Repository, "--quick", "--only", "start"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["TMPDIR"] = folder.Path;
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.True(SpinWait.SpinUntil(() => Directory.EnumerateFileSystemEntries(folder.Path, "start.study*", SearchOption.AllDirectories).Any(), s_longest), "Nothing was mined.");
        Assert.NotEmpty(ProcessesWith(folder.Path));
        using (Process kill = Process.Start("kill", ["-s", signal, process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Assert.True(process.WaitForExit(s_longest), "It did not stop.");
        Assert.Equal((code, "start ...\nkeyhole-benchmarks: stopped.\n"), (process.ExitCode, await error));
        Assert.DoesNotContain(Directory.GetFileSystemEntries(folder.Path), path => Path.GetFileName(path).StartsWith("keyhole", StringComparison.Ordinal));
        Assert.True(SpinWait.SpinUntil(() => ProcessesWith(folder.Path).Length == 0, s_longest), "A child is still there.");
    }

    // Processes whose command line names a folder.
    private static string[] ProcessesWith(string folder) =>
    [
        .. Directory.EnumerateDirectories("/proc").Where(path => int.TryParse(Path.GetFileName(path), out _)).Where(path =>
        {
            try
            {
                return File.ReadAllText(Path.Combine(path, "cmdline")).Contains(folder, StringComparison.Ordinal);
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }),
    ];

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int code = BenchmarksEdge.Run(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
