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

        (double start, double each) = Line(runs);
        foreach (MeteredMining run in runs)
        {
            suite.Add(new Figure("growth", $"mini, {Layers} layers, {Suite.Whole(run.Tokens)} tokens, start-up apart") { Value = run.AllSeconds, Unit = "s", Ratio = run.Cost / (start + (each * run.Tokens)), To = "the straight line through all sizes" });
        }

        suite.Add(new Figure("growth", $"tokens {Suite.Whole(runs[0].Tokens)} to {Suite.Whole(runs[^1].Tokens)}: largest deviation from the line")
        {
            Value = runs.Max(run => Math.Abs((run.Cost / (start + (each * run.Tokens))) - 1)),
            Unit = "of the time",
            Bar = Bar.AtMost(WantedDeviation),
            Note = string.Create(CultureInfo.InvariantCulture, $"the line starts at the time of {start / each:N0} tokens"),
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

    // Cost beside the first size's, each divided by what it should grow with.
    private static void Each(Suite suite, string what, int[] sizes, Func<int, MeteredMining> run, Func<int, double> expected, bool byOperations = false)
    {
        double first = 0;
        foreach (int size in sizes)
        {
            MeteredMining one = run(size);
            double cost = byOperations ? one.Cost / one.Operations : one.Cost / expected(size);
            first = first == 0 ? cost : first;
            suite.Add(new Figure("growth", string.Create(CultureInfo.InvariantCulture, $"{what} {size}, {one.Tokens:N0} tokens"))
            {
                Value = one.AllSeconds,
                Unit = "s",
                Ratio = cost / first,
                To = string.Create(CultureInfo.InvariantCulture, $"{what} {sizes[0]}{(byOperations ? ", by floating-point operations" : expected(2) > 1 ? ", in proportion" : string.Empty)}"),
                Note = string.Create(CultureInfo.InvariantCulture, $"{one.WholeShare:F2} of the rate of products; {one.HeldBytes / 1048576.0:N0} MiB held"),
            });
        }
    }

    // Least squares of cost / (start + each x tokens) - 1, to first order: both sides divided by the cost.
    private static (double Start, double Each) Line(List<MeteredMining> runs)
    {
        double aa = 0, ab = 0, bb = 0, a1 = 0, b1 = 0;
        foreach (MeteredMining run in runs)
        {
            double a = 1 / run.Cost, b = run.Tokens / run.Cost;
            (aa, ab, bb, a1, b1) = (aa + (a * a), ab + (a * b), bb + (b * b), a1 + a, b1 + b);
        }

        double determinant = (aa * bb) - (ab * ab);
        double start = ((a1 * bb) - (b1 * ab)) / determinant;
        return start >= 0 ? (start, ((b1 * aa) - (a1 * ab)) / determinant) : (0, b1 / bb);   // no run has less than no start
    }

    // Lines of mini's training text where it is there, else of the sample over and over.
    private static string Corpus(Suite suite, int tokens)
    {
        string path = suite.InWork(string.Create(CultureInfo.InvariantCulture, $"growth-{tokens}.txt"));
        if (!File.Exists(path))
        {
            GrowthCorpus.Write(path, suite, tokens);
        }

        return path;
    }
}
