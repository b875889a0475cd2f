using System.Globalization;
using System.Text.Json;

namespace Keyhole.Benchmarks;

/// <summary>Mining mini beside a plain script for PyTorch, both from the start of the process.</summary>
internal static class TorchPart
{
    private const string Python = "/usr/bin/python3";   // Debian's, which has Debian's PyTorch

    /// <summary>Measures.</summary>
    public static void Run(Suite suite)
    {
        string script = Path.Combine(suite.Shared, "peers", "torch_triggers.py");
        if (!suite.Has("PyTorch", script, Python))
        {
            return;
        }

        if (!HasTorch(suite))
        {
            suite.LeaveOut("PyTorch: needs Debian's python3-torch and libopenblas0-pthread.");
            return;
        }

        string threads = suite.Threads.ToString(CultureInfo.InvariantCulture);
        string corpus = suite.InWork("torch.txt");
        string ids = suite.InWork("torch.jsonl");
        File.WriteAllLines(corpus, File.ReadLines(suite.MiniSentences).Take(suite.Quick ? 2000 : 7000));
        File.WriteAllText(ids, suite.Keyhole("tokenize", suite.Mini, corpus, "--json").Output);
        var ratios = new List<double>();
        var seconds = new List<double>();
        for (int round = 0; round < (suite.Quick ? 1 : 3); round++)
        {
            // These variables hold OpenBLAS to the kernels of an old processor.
            double theirs = suite.Run(Python, [script, suite.Mini, ids, "--threads", threads], null, ("OPENBLAS_CORETYPE", null), ("OPENBLAS_L2_SIZE", null)).Seconds;
            seconds.Add(suite.Keyhole("mine", suite.Mini, corpus, "--unit", "line", "--threads", threads, "--quiet", "--overwrite", "-o", suite.InWork("torch.study")).Seconds);
            ratios.Add(theirs / seconds[^1]);
        }

        int tokens = File.ReadLines(ids).Sum(line => JsonDocument.Parse(line).RootElement.GetProperty("ids").GetArrayLength());
        suite.Add(new Figure("PyTorch", $"mining mini, {Suite.Whole(tokens)} tokens, start-up included") { Value = Suite.Median(seconds), Unit = "s", Ratio = Suite.Median(ratios), To = "a plain script for PyTorch with OpenBLAS: times as fast" });
    }

    private static bool HasTorch(Suite suite)
    {
        try
        {
            suite.Run(Python, ["-c", "import torch, numpy"]);
            return Directory.EnumerateDirectories("/usr/lib", "openblas-pthread", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 }).Any();
        }
        catch (BenchmarkFailedException)
        {
            return false;
        }
    }
}
