using System.Diagnostics;
using System.Globalization;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Cli.Tests;

/// <summary>A run that is killed outright (SIGKILL) at random moments and goes on makes the export of one that was not disturbed.</summary>
public class KillTests
{
    private const string KillsVariable = "KEYHOLE_TEST_KILLS";   // more than the few that a test run has time for
    private const int Kills = 4;
    private static readonly string[] Command = ["mine", "models/mini", "corpora/mini.train-sample.txt", "--unit", "line", "--checkpoint-every", "0.3", "--quiet"];

    [Fact]
    public void Killed_again_and_again_it_ends_with_the_same_export()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The test needs Unix signals.");
        using var folder = new TemporaryFolder();
        int kills = int.TryParse(Environment.GetEnvironmentVariable(KillsVariable), NumberStyles.None, CultureInfo.InvariantCulture, out int asked) ? asked : Kills;
        string[] command = [.. Command, "--limit", kills > Kills ? "20000" : "1500"];
        Assert.Equal(0, KeyholeProcess.Run([.. command, "-o", folder.File("whole.study")]).ExitStatus);

        string study = folder.File("killed.study");
        var random = new Random(20);
        int killed = 0;
        int killedAfterCheckpoint = 0;
        while (killed < kills && !File.Exists(study))
        {
            DateTime before = Written(study);
            using Process process = KeyholeProcess.Begin([.. command, "-o", study, "--resume"]);
            if (random.Next(4) > 0)   // one time in four it may not come as far
            {
                SpinWait.SpinUntil(() => process.HasExited || Written(study) != before, TimeSpan.FromMinutes(5));
            }

            if (!process.WaitForExit(TimeSpan.FromSeconds(random.NextDouble())))
            {
                process.Kill();
                process.WaitForExit();
                killed++;
                killedAfterCheckpoint += Written(study) != before ? 1 : 0;
            }
        }

        Assert.InRange(killedAfterCheckpoint, 1, kills);
        Assert.Equal(0, KeyholeProcess.Run([.. command, "-o", study, "--resume"]).ExitStatus);
        TestContext.Current.SendDiagnosticMessage($"{killed} kills, {killedAfterCheckpoint} of them after a checkpoint");
        Assert.Equal(Export(folder, "whole.study"), Export(folder, "killed.study"));
        Assert.False(Directory.Exists(study + ".run"));
    }

    // When the run's checkpoint was written.
    private static DateTime Written(string study) => File.GetLastWriteTimeUtc(study + ".run/checkpoint");

    private static string Export(TemporaryFolder folder, string study)
    {
        string exported = folder.File(study + ".export");
        Assert.Equal(0, KeyholeProcess.Run("export", folder.File(study), "--format", "jsonl", "-o", exported, "--quiet").ExitStatus);
        return string.Concat(Directory.GetFiles(exported).Order(StringComparer.Ordinal).Select(file => $"{Path.GetFileName(file)}\n{File.ReadAllText(file)}"));
    }
}
