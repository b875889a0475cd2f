using System.Globalization;
using System.Text.Json;
using Keyhole.Corpora;

namespace Keyhole.Benchmarks;

/// <summary>Mining as a share of the rate of matrix products, measured in between.</summary>
internal static class MiningParts
{
    private const string Product = "matrix products 480 x 768 x 3072";
    private const double WantedShare = 0.8;

    /// <summary>Mini and SmolLM2.</summary>
    public static void Mine(Suite suite)
    {
        Add(suite, "mini", MeteredMining.InProcess(suite, suite.Mini, suite.MiniSentences, UnitKind.Line, limit: suite.Quick ? 3000 : 0));
        if (suite.Has("mining SmolLM2", suite.SmolLM2, suite.WikiText))
        {
            Add(suite, "SmolLM2-135M, WikiText as sentences", MeteredMining.InProcess(suite, suite.SmolLM2, suite.WikiText, UnitKind.Sentence, limit: suite.Quick ? 400 : 1500));
        }
    }

    /// <summary>A model of 7 B.</summary>
    public static void MineLarge(Suite suite)
    {
        const long Needed = 16L << 30;
        if (new DriveInfo(suite.Work).AvailableFreeSpace < Needed)
        {
            suite.LeaveOut("mining a random Llama of 7 B: there are no 16 GB free in the temporary folder.");
            return;
        }

        (int layers, int tokens) = suite.Quick ? (2, 1500) : (4, 4000);
        JsonElement run = suite.Keyhole("bench", "--large-shape", Text(layers), "--tokens", Text(tokens), "--memory", "3GiB", "--threads", Text(suite.Threads), "--quiet", "--json").Json;
        double rate = run.GetProperty("gemm").GetDouble();
        double planned = run.GetProperty("plannedBytes").GetDouble();
        suite.Add(new Figure("mine", string.Create(CultureInfo.InvariantCulture, $"{layers} layers of a random Llama of 7 B, {Suite.Whole(tokens)} tokens, --memory 3GiB"))
        {
            Value = rate * run.GetProperty("mineShareOfGemm").GetDouble() / 1e9,
            Unit = "Gflop/s",
            Ratio = run.GetProperty("mineShareOfGemm").GetDouble(),
            To = Product,
            Bar = Bar.AtLeast(WantedShare),
        });
        suite.Add(new Figure("mine", "its memory, mapped pages apart")
        {
            Value = run.GetProperty("peakBytes").GetDouble() / 1048576,
            Unit = "MiB",
            Ratio = run.GetProperty("peakBytes").GetDouble() / planned,
            To = "what was planned",
            Bar = Bar.AtMost(1),
        });
    }

    private static void Add(Suite suite, string what, MeteredMining run)
    {
        string name = $"{what}, {Suite.Whole(run.Tokens)} tokens";
        suite.Add(new Figure("mine", $"{name}: forward pass and statistics") { Value = run.Operations / run.MineSeconds / 1e9, Unit = "Gflop/s", Ratio = run.PassShare, To = Product, Bar = Bar.AtLeast(WantedShare) });
        suite.Add(new Figure("mine", $"{name}: all after loading") { Value = run.Operations / run.AllSeconds / 1e9, Unit = "Gflop/s", Ratio = run.WholeShare, To = Product });
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
