using System.Globalization;
using Keyhole.Corpora;

namespace Keyhole.Benchmarks;

/// <summary>How time and memory of mining grow, in the time of matrix products measured in between.</summary>
/// <remarks>
/// A run's cost is the products that the machine would have done in its time. It is taken to be start + tokens x rate; both by least squares of relative deviations,
/// and the largest deviation says how straight the growth is.
/// </remarks>
internal static class GrowthPart
{
    private const int Layers = 4;
    private const double WantedDeviation = 0.05;
    private const double WantedMemoryGrowth = 1.05;

    /// <summary>Measures.</summary>
    public static void Run(Suite suite)
    {
        Tokens(suite);
        string corpus = Corpus(suite, suite.Quick ? 20_000 : 60_000);
        Each(suite, "layers", suite.Quick ? [2, 10] : [1, 2, 5, 10], layers => MeteredMining.InProcess(suite, suite.Mini, corpus, UnitKind.Line, layers: layers), layers => layers);
        Each(suite, "top-k", suite.Quick ? [10, 100] : [10, 25, 50, 100], top => MeteredMining.InProcess(suite, suite.Mini, corpus, UnitKind.Line, top, Layers), _ => 1);
        Each(suite, "shards", suite.Quick ? [1, 4] : [1, 2, 4, 8], shards => MeteredMining.InProcess(suite, suite.Mini, corpus, UnitKind.Line, layers: Layers, shards: shards), _ => 1);
        Widths(suite);
    }

    private static void Tokens(Suite suite)
    {
        int[] sizes = suite.Quick ? [10_000, 30_000, 100_000] : [10_000, 30_000, 100_000, 300_000, 1_000_000];
        var same = sizes.ToDictionary(size => size, _ => new List<MeteredMining>());
        int most = sizes.Max(Rounds);
        for (int round = 0; round < most; round++)   // the sizes in turn: a slow minute of the host meets all
        {
            foreach (int size in sizes.Where(size => round * Rounds(size) / most < (round + 1) * Rounds(size) / most))
            {
                same[size].Add(MeteredMining.InProcess(suite, suite.Mini, Corpus(suite, size), UnitKind.Line, layers: Layers));
            }
        }

        var runs = new List<MeteredMining>();
        foreach (int size in sizes)
        {
            MeteredMining run = same[size].OrderBy(run => run.Cost).ElementAt(same[size].Count / 2);
            runs.Add(run);
            suite.Add(new Figure("growth", $"mini, {Layers} layers, {Suite.Whole(run.Tokens)} tokens: held memory, mapped pages apart") { Value = run.HeldBytes / 1048576.0, Unit = "MiB" });
        }

        (long Tokens, double Cost)[] costs = [.. runs.Select(run => (run.Tokens, run.Cost))];
        GrowthLine line = GrowthLine.Through(costs);
        foreach (MeteredMining run in runs)
        {
            suite.Add(new Figure("growth", $"mini, {Layers} layers, {Suite.Whole(run.Tokens)} tokens, start-up apart") { Value = run.AllSeconds, Unit = "s", Ratio = run.Cost / line.At(run.Tokens), To = "the straight line through all sizes" });
        }

        suite.Add(new Figure("growth", $"tokens {Suite.Whole(runs[0].Tokens)} to {Suite.Whole(runs[^1].Tokens)}: largest deviation from the line")
        {
            Value = line.LargestDeviation(costs),
            Unit = "of the time",
            Bar = Bar.AtMost(WantedDeviation),
            Note = string.Create(CultureInfo.InvariantCulture, $"the line starts at the time of {line.Start / line.Each:N0} tokens"),
        });
        MeteredMining[] full = [.. runs.Where(run => run.Tokens > 90_000)];   // some chunks at least: memory has been taken by then
        suite.Add(new Figure("growth", $"held memory, {Suite.Whole(full[^1].Tokens)} tokens") { Value = full[^1].HeldBytes / 1048576.0, Unit = "MiB", Ratio = (double)full[^1].HeldBytes / full[0].HeldBytes, To = $"that of {Suite.Whole(full[0].Tokens)} tokens", Bar = Bar.AtMost(WantedMemoryGrowth) });
    }

    // Odd, as the middle one counts; a short run meets more chance than a long one.
    private static int Rounds(int tokens) => tokens <= 30_000 ? 9 : tokens <= 100_000 ? 5 : tokens <= 300_000 ? 3 : 1;

    private static void Widths(Suite suite)
    {
        int[] widths = suite.Quick ? [128, 512] : [128, 256, 512, 1024];
        int tokens = suite.Quick ? 4_000 : 12_000;
        Each(suite, "width (F = 4 D)", widths, width =>
        {
            string folder = suite.InWork(string.Create(CultureInfo.InvariantCulture, $"width-{width}"));
            WidthShape.Write(folder, width);
            string corpus = Path.Combine(folder, "corpus.txt");
            WidthShape.WriteCorpus(corpus, tokens);
            return MeteredMining.InProcess(suite, folder, corpus, UnitKind.Line);
        }, _ => 1, byOperations: true);
    }

    // Cost beside the first size's, each divided by what it should grow with; and the memory held beside the first size's.
    private static void Each(Suite suite, string what, int[] sizes, Func<int, MeteredMining> run, Func<int, double> expected, bool byOperations = false)
    {
        (double Cost, double Bytes)? first = null;
        foreach (int size in sizes)
        {
            MeteredMining one = run(size);
            double cost = byOperations ? one.Cost / one.Operations : one.Cost / expected(size);
            first ??= (cost, one.HeldBytes);
            string name = string.Create(CultureInfo.InvariantCulture, $"{what} {size}, {one.Tokens:N0} tokens");
            string beside = string.Create(CultureInfo.InvariantCulture, $"{what} {sizes[0]}");
            suite.Add(new Figure("growth", name)
            {
                Value = one.AllSeconds,
                Unit = "s",
                Ratio = cost / first.Value.Cost,
                To = $"{beside}{(byOperations ? ", by floating-point operations" : expected(2) > 1 ? ", in proportion" : string.Empty)}",
                Note = string.Create(CultureInfo.InvariantCulture, $"{one.WholeShare:F2} of the rate of products"),
            });
            suite.Add(new Figure("growth", $"{name}: held memory, mapped pages apart") { Value = one.HeldBytes / 1048576.0, Unit = "MiB", Ratio = one.HeldBytes / first.Value.Bytes, To = beside });
        }
    }

    /// <summary>A corpus of so many tokens of mini, written once.</summary>
    public static string Corpus(Suite suite, int tokens)
    {
        string path = suite.InWork(string.Create(CultureInfo.InvariantCulture, $"growth-{tokens}.txt"));
        if (!File.Exists(path))
        {
            GrowthCorpus.Write(path, suite, tokens);
        }

        return path;
    }
}
