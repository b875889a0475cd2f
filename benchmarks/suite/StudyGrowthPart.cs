using System.Globalization;

namespace Keyhole.Benchmarks;

/// <summary>How studies grow with tokens, lists, layers and shards: showing, searching, merging, and their size.</summary>
internal static class StudyGrowthPart
{
    private const string Part = "studies";
    private const int Top = 25;
    private const int Layers = 4;
    private static readonly (string Name, string Unit)[] s_quantities = [("show one memory", "s"), ("search for a word", "s"), ("size of the study", "MB")];

    /// <summary>Measures.</summary>
    public static void Run(Suite suite)
    {
        int usual = suite.Quick ? 10_000 : 60_000;
        Each(suite, "tokens", suite.Quick ? [10_000, 30_000] : [10_000, 100_000, 300_000], tokens => Mine(suite, "study", tokens, Top, Layers));
        Each(suite, "top-k", suite.Quick ? [10, 100] : [10, 25, 50, 100], top => Mine(suite, "study", usual, top, Layers));
        Each(suite, "layers", suite.Quick ? [2, 10] : [1, 2, 5, 10], layers => Mine(suite, "study", usual, Top, layers));
        foreach (int shards in suite.Quick ? [2] : (int[])[2, 4, 8])
        {
            Merge(suite, usual, shards);
        }
    }

    // Whole processes beside those over the first size's study.
    private static void Each(Suite suite, string what, int[] sizes, Func<int, string> mine)
    {
        int rounds = suite.Quick ? 3 : 7;
        double[]? first = null;
        foreach (int size in sizes)
        {
            string study = mine(size);
            double[] found =
            [
                suite.MedianSeconds(rounds, "show", study, "L0N128"),
                suite.MedianSeconds(rounds, "search", study, "Paris"),
                new FileInfo(study).Length / 1e6,
            ];
            first ??= found;
            foreach ((int i, (string quantity, string unit)) in s_quantities.Index())
            {
                suite.Add(new Figure(Part, string.Create(CultureInfo.InvariantCulture, $"{quantity}, {what} {size:N0}"))
                {
                    Value = found[i],
                    Unit = unit,
                    Ratio = found[i] / first[i],
                    To = string.Create(CultureInfo.InvariantCulture, $"{what} {sizes[0]:N0}"),
                });
            }
        }
    }

    private static void Merge(Suite suite, int tokens, int shards)
    {
        string[] parts = new string[shards];
        double mining = 0;
        for (int shard = 0; shard < shards; shard++)
        {
            parts[shard] = suite.InWork(Text($"shard-{shard}.study"));
            mining += suite.Keyhole([.. Command(suite, parts[shard], tokens, Top, Layers), "--shard", Text($"{shard}/{shards}")]).Seconds;
        }

        double merging = suite.Keyhole(["merge", .. parts, "--overwrite", "--quiet", "-o", suite.InWork("merged.study")]).Seconds;
        suite.Add(new Figure(Part, Text($"merging {shards} shards of mini, {Layers} layers, {tokens:N0} tokens, start-up included")) { Value = merging, Unit = "s", Ratio = merging / mining, To = "mining them all, start-up included" });
    }

    private static string Mine(Suite suite, string name, int tokens, int top, int layers)
    {
        string study = suite.InWork($"{name}.study");
        suite.Keyhole(Command(suite, study, tokens, top, layers));
        return study;
    }

    private static string[] Command(Suite suite, string study, int tokens, int top, int layers) =>
    [
        "mine", suite.Mini, GrowthPart.Corpus(suite, tokens), "--unit", "line", "--top", Text($"{top}"), "--layers", Text($"0-{layers - 1}"), "--threads", Text($"{suite.Threads}"), "--overwrite", "--quiet", "-o", study,
    ];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
