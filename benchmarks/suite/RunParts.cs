using System.Globalization;
using System.Text.Json;

namespace Keyhole.Benchmarks;

/// <summary>What a run of mining costs beside mining: checkpoints, and merging shards.</summary>
internal static class RunParts
{
    private const double WantedCheckpointShare = 0.01;
    private const double WantedMergeSeconds = 30;
    private const double WantedMergeMegabytes = 500;
    private static readonly string[] s_afterLoading = ["tokenizeSeconds", "mineSeconds", "writeSeconds"];

    /// <summary>Checkpoints of a run with many of them, as a share of its time.</summary>
    public static void Checkpoints(Suite suite)
    {
        if (!suite.Has("checkpoints of SmolLM2", suite.SmolLM2, suite.WikiText))
        {
            return;
        }

        if (suite.Quick)
        {
            suite.LeaveOut("checkpoints: a short run has none, as the first comes after a minute.");
            return;
        }

        const string Units = "2000";
        JsonElement run = suite.Keyhole("mine", suite.SmolLM2, suite.WikiText, "--limit", Units, "--top", "50", "--threads", suite.Threads.ToString(CultureInfo.InvariantCulture), "--quiet", "--json", "--overwrite", "-o", suite.InWork("checkpoints.study")).Json;
        double seconds = s_afterLoading.Sum(name => run.GetProperty(name).GetDouble());
        suite.Add(new Figure("checkpoints", string.Create(CultureInfo.InvariantCulture, $"SmolLM2-135M, top 50, {run.GetProperty("tokens").GetInt64():N0} tokens: {run.GetProperty("checkpoints").GetInt32()} at the interval that is set by itself"))
        {
            Value = run.GetProperty("checkpointSeconds").GetDouble(),
            Unit = "s",
            Ratio = run.GetProperty("checkpointSeconds").GetDouble() / seconds,
            To = "the whole run after loading",
            Bar = Bar.AtMost(WantedCheckpointShare),
        });
    }

    /// <summary>64 shards as large as those of SmolLM2, written at random for the occasion.</summary>
    public static void Merge(Suite suite)
    {
        string writer = Path.Combine(suite.Root, "benchmarks", "shards", "bin", "Release", "net10.0", "shard-studies.dll");
        if (!suite.Has("merging 64 shards", writer))
        {
            return;
        }

        const long Needed = 8L << 30;
        if (suite.Quick || new DriveInfo(suite.Work).AvailableFreeSpace < Needed)
        {
            suite.LeaveOut("merging 64 shards: it writes 6 GB into the temporary folder; not with --quick, and not where 8 GB are not free.");
            return;
        }

        string shards = suite.InWork("shards");
        suite.Run("dotnet", [writer, shards, "64"]);
        ChildProcess merge = suite.Keyhole(["merge", .. Directory.EnumerateFiles(shards, "*.study").Order(StringComparer.Ordinal), "--quiet", "-o", suite.InWork("merged.study")]);
        suite.Add(new Figure("merge", "64 shards of 46,080 memories, both poles, top 50") { Value = merge.Seconds, Unit = "s", Bar = Bar.AtMost(WantedMergeSeconds) });
        suite.Add(new Figure("merge", "its memory, mapped pages included") { Value = merge.PeakBytes / 1e6, Unit = "MB", Bar = Bar.AtMost(WantedMergeMegabytes) });
        Directory.Delete(shards, recursive: true);
    }
}
