using System.Diagnostics;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Cli.Tests;

/// <summary>Commands that add something to a study, stopped in the middle of their work.</summary>
public sealed class StudySignalTests(ClaimTests.SmallStudy small) : IClassFixture<ClaimTests.SmallStudy>
{
    private const string Claims = "- {name: which, memories: all, on: target, tokens: [\",\"]}\n- {name: named, memory: L0N0, tokens: [\" the\"]}\n";
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10); // A guard against a hang, no measure of speed.

    [Theory]
    [InlineData("INT", 130, "claim", "CLAIMS", "--corpus", "corpora/mini.train-sample.txt")]
    [InlineData("TERM", 143, "claim", "CLAIMS", "--corpus", "corpora/mini.train-sample.txt", "--find")]
    [InlineData("INT", 130, "patterns", "--decoys", "100000")]
    [InlineData("TERM", 143, "patterns", "--decoys", "100000")]
    [InlineData("INT", 130, "features")]
    [InlineData("TERM", 143, "features")]
    public async Task The_study_is_as_it_was_and_nothing_is_left(string signal, int exitStatus, string command, params string[] arguments)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The test needs Unix signals.");
        using var folder = new TemporaryFolder();
        string study = folder.File("a.study");
        File.Copy(small.Study, study);
        string claims = folder.Write("claims.yaml", Claims);
        string putAside = Directory.CreateDirectory(folder.File("aside")).FullName;
        byte[] before = await File.ReadAllBytesAsync(study, TestContext.Current.CancellationToken);

        var start = new ProcessStartInfo(KeyholeProcess.DotnetHost, [KeyholeProcess.Assembly, command, study, .. arguments.Select(word => word == "CLAIMS" ? claims : word), "--log-json"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = SharedData.Repository,
            Environment = { ["TMPDIR"] = putAside },
        };
        using Process process = Process.Start(start)!;
        Assert.Contains("\"event\":\"progress\"", await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Task<string> rest = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await Task.Delay(TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken); // Into the middle of its work.
        Assert.False(process.HasExited, "The run ended before it could be stopped.");
        KeyholeProcess.Signal(process, signal);
        Assert.True(process.WaitForExit(Longest), "The command did not stop.");

        Assert.Equal(exitStatus, process.ExitCode);
        Assert.Contains("keyhole: stopped.", await rest, StringComparison.Ordinal);
        Assert.Empty(await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
        Assert.Equal(before, await File.ReadAllBytesAsync(study, TestContext.Current.CancellationToken));
        Assert.Equal([study, putAside, claims], Directory.GetFileSystemEntries(folder.Path).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(Directory.GetFileSystemEntries(putAside), path => Path.GetFileName(path).StartsWith(".keyhole-", StringComparison.Ordinal));
    }
}
