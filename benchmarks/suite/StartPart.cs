namespace Keyhole.Benchmarks;

/// <summary>Whole commands, from the start of their process to its end, beside an empty one.</summary>
internal static class StartPart
{
    private const string Empty = "keyhole --version";

    /// <summary>Measures.</summary>
    public static void Run(Suite suite)
    {
        int rounds = suite.Quick ? 3 : 7;
        string study = suite.InWork("start.study");
        suite.Keyhole("mine", suite.Mini, suite.MiniSentences, "--unit", "line", "--limit", "2000", "--quiet", "-o", study);
        double empty = suite.MedianSeconds(rounds, "--version");
        suite.Add(new Figure("start", Empty) { Value = empty, Unit = "s" });
        Add(suite, "show one memory of a study of mini", suite.MedianSeconds(rounds, "show", study, "L3N128"), empty);
        Add(suite, "search a study of mini for a word", suite.MedianSeconds(rounds, "search", study, "Paris"), empty);

        Load(suite, "mini", suite.Mini, Path.Combine(suite.Mini, "model.safetensors"), rounds, empty);
        if (suite.Has("loading SmolLM2", suite.SmolLM2))
        {
            Load(suite, "SmolLM2-135M", suite.SmolLM2, suite.SmolLM2, rounds, empty);
        }
    }

    private static void Add(Suite suite, string what, double seconds, double empty)
        => suite.Add(new Figure("start", what) { Value = seconds, Unit = "s", Ratio = seconds / empty, To = Empty });

    private static void Load(Suite suite, string what, string model, string weights, int rounds, double empty)
    {
        double first = suite.MedianSeconds(rounds, "capture", model, "--ids", "1,2,3", "--sites", "logits", "--quiet", "-o", suite.InWork("load.safetensors"));
        double read = Suite.Median(Enumerable.Range(0, rounds).Select(_ => Suite.Seconds(() => ReadAll(weights))));
        suite.Add(new Figure("load", $"{what}, from the start of the process to the first logits on disk") { Value = first, Unit = "s", Ratio = first / (empty + read), To = $"{Empty} and one reading of its warm file" });
    }

    private static void ReadAll(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        byte[] block = new byte[1 << 20];
        while (file.Read(block) > 0)
        {
        }
    }
}
