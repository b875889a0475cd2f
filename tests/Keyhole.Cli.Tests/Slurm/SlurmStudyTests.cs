using System.Globalization;
using System.Text.Json;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Cli.Tests.Slurm;

/// <summary>A study and its null mined by a job array on a real Slurm, with one task killed and one told to stop, beside the same mined in one run.</summary>
[Collection(OneSlurm.Name)]
public sealed class SlurmStudyTests(SlurmCluster cluster)
{
    private const int Killed = 2;
    private const int Stopped = 3;
    private static readonly string[] Mining = ["models/mini", "corpora/mini.train-sample.txt", "--unit", "line", "--limit", "600", "--top", "10", "--chunk-tokens", "512", "--sample-quantiles", "--null", "directions"];

    [Fact]
    public void Eight_shards_of_which_one_is_killed_and_one_stopped_give_the_study_of_one_run()
    {
        cluster.Require();
        using var folder = new TemporaryFolder();
        string study = folder.File("sharded.study");
        string array = Submit(study);
        SlurmFolderFiles files = new(study);
        var held = new Dictionary<int, string>(); // processes by shard, so that neither ends before it is disturbed
        SlurmCluster.WaitUntil(
            () =>
            {
                foreach (int shard in new[] { Killed, Stopped }.Where(shard => !held.ContainsKey(shard) && files.HasCheckpoint(shard)))
                {
                    held[shard] = ProcessOf(shard);
                    Signal("STOP", held[shard]);
                }

                return held.Count == 2;
            },
            "both shards had a checkpoint",
            files.Logs);
        Signal("KILL", held[Killed]); // as by lack of memory
        cluster.Run("scancel", "--signal=TERM", "--batch", $"{array}_{Stopped}"); // as before a time limit
        Signal("CONT", held[Stopped]);
        foreach (int shard in (int[])[Killed, Stopped])
        {
            SlurmCluster.WaitUntil(() => files.Log(shard).Contains("\"requeue\"", StringComparison.Ordinal), $"shard {shard} was requeued", files.Logs);
            Assert.Contains($"\"exitCode\":{(shard == Killed ? 137 : 143)}", files.Log(shard), StringComparison.Ordinal);
            Assert.True(files.HasCheckpoint(shard));
            Assert.False(File.Exists(files.Shard(shard)));
            Assert.InRange(Status(study).GetProperty("shards")[shard].GetProperty("checkpointShare").GetDouble(), 0, 0.99); // 0: it was met while it read
            StartNow($"{array}_{shard}");
        }

        SlurmCluster.WaitUntil(() => Status(study).GetProperty("complete").GetBoolean(), "all was mined and merged", files.Logs);
        Assert.Equal(8, Status(study).GetProperty("counts").GetProperty("done").GetInt32());
        string single = folder.File("single.study");
        Run(["mine", .. Mining, "-o", single, "--threads", "2", "--quiet"]);
        AssertSameExports(Export(single, folder.File("single")), Export(study, folder.File("sharded")));
        AssertSameExports(Export(single + ".directions", folder.File("single-null")), Export(study + ".directions", folder.File("sharded-null")));
    }

    private static void AssertSameExports(string expected, string actual)
    {
        string[] names = [.. Directory.GetFiles(expected, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(expected, file)).Order(StringComparer.Ordinal)];
        Assert.NotEmpty(names);
        Assert.Equal(names, Directory.GetFiles(actual, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(actual, file)).Order(StringComparer.Ordinal));
        Assert.All(names, name => Assert.True(File.ReadAllBytes(Path.Combine(expected, name)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(actual, name))), $"{name} differs."));
    }

    private string Submit(string study)
        => JsonDocument.Parse(Run(["slurm", .. Mining, "-o", study, "--shards", "8", "--cpus", "1", "--checkpoint-every", "0", "--submit", "--json"])).RootElement.GetProperty("arrayJob").GetString()!;

    private JsonElement Status(string study) => JsonDocument.Parse(Run("slurm", "status", study, "--json")).RootElement;

    private string Export(string study, string folder)
    {
        Run("export", study, "--format", "jsonl", "-o", folder, "--quiet");
        return folder;
    }

    private string Run(params string[] words)
    {
        CommandResult result = KeyholeProcess.Run(cluster.Environment, "", words);
        Assert.True(result.ExitStatus == 0, $"keyhole {string.Join(' ', words)}: {result.Error}");
        return result.Output;
    }

    private void Signal(string signal, string process) => KeyholeProcess.Start("kill", cluster.Environment, "", ["-s", signal, process]);

    private static string ProcessOf(int shard)
    {
        foreach (string folder in Directory.GetDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])))
        {
            try
            {
                if (File.ReadAllText(folder + "/cmdline").Contains($".slurm/shards/{SlurmFolderFiles.Name(shard)}.study", StringComparison.Ordinal))
                {
                    return Path.GetFileName(folder);
                }
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }
        }

        throw new InvalidOperationException($"No process mines shard {shard}.");
    }

    // A requeued task waits for two minutes, from when its last run is cleared away.
    private void StartNow(string task)
    {
        SlurmCluster.WaitUntil(() => cluster.Run("squeue", "--noheader", $"--jobs={task}", "--format=%T %r").Trim() == "PENDING BeginTime", $"{task} waited for its time");
        cluster.Run("scontrol", "update", $"JobId={task}", "StartTime=now");
    }

    private sealed record SlurmFolderFiles(string Study)
    {
        public static string Name(int shard) => shard.ToString("D3", CultureInfo.InvariantCulture);

        public string Shard(int shard) => $"{Study}.slurm/shards/{Name(shard)}.study";

        public bool HasCheckpoint(int shard) => File.Exists(Shard(shard) + ".run/checkpoint");

        public string Log(int shard) => File.ReadAllText($"{Study}.slurm/logs/{Name(shard)}.log");

        public string Logs() => string.Concat(Directory.GetFiles(Study + ".slurm/logs").Order(StringComparer.Ordinal).Select(file => $"\n{Path.GetFileName(file)}:\n{File.ReadAllText(file)}"));
    }
}
