using System.Globalization;
using System.Text.Json;
using Keyhole.Engine.Tokens;

namespace Keyhole.Benchmarks;

/// <summary>Tokenising on one thread, beside the limit that was set for it and Hugging Face's own library.</summary>
internal static class TokenizerPart
{
    private const double WantedMegabytes = 1;   // a second

    /// <summary>Measures.</summary>
    public static void Run(Suite suite)
    {
        string tokenizers = Path.Combine(suite.Shared, "conformance", "tokenizers");
        if (!suite.Has("tokenizers", tokenizers, suite.WikiText))
        {
            return;
        }

        string folder = Path.Combine(suite.Root, "benchmarks", "tokenizers");
        bool peer = suite.Has("Hugging Face's tokenizers ('npm install --ignore-scripts --no-package-lock' in benchmarks/tokenizers)", Path.Combine(folder, "node_modules"));
        foreach (string name in (string[])["gpt2", "llama3", "unigram", "wordpiece"])
        {
            string path = Path.Combine(tokenizers, name, "tokenizer.json");
            (double seconds, int tokens, int sum) = Measure(suite, path, suite.Quick ? 2 : 5);
            double megabytes = new FileInfo(suite.WikiText).Length / 1e6;
            var figure = new Figure("tokenizer", $"{name}, WikiText, with offsets, one thread") { Value = megabytes / seconds, Unit = "MB/s", Bar = Bar.AtLeast(WantedMegabytes) };
            suite.Add(figure);
            if (peer)
            {
                JsonElement other = suite.Run("node", ["tokenize.mjs", path, suite.WikiText, suite.Quick ? "1" : "3"], folder, ("RAYON_NUM_THREADS", "1")).Json;
                bool same = other.GetProperty("tokens").GetInt32() == tokens && other.GetProperty("sum").GetInt32() == sum;
                double theirs = other.GetProperty("seconds").GetDouble();
                suite.Add(new Figure("tokenizer", $"{name}, the same beside Hugging Face's library")
                {
                    Value = megabytes / theirs,
                    Unit = "MB/s there",
                    Ratio = theirs / seconds,
                    To = "tokenizers 0.23.2, one thread: times as fast",
                    Note = same ? string.Create(CultureInfo.InvariantCulture, $"the same {tokens:N0} ids") : "other ids",
                });
            }
        }
    }

    // The fastest round; the number of tokens, and the sum of ids that tokenize.mjs makes.
    private static (double Seconds, int Tokens, int Sum) Measure(Suite suite, string path, int rounds)
    {
        Tokenizer tokenizer = TokenizerLoader.Load(path);
        string[] lines = File.ReadAllText(suite.WikiText).Split('\n');
        int[][] ids = new int[lines.Length][];
        void Encode()
        {
            suite.Stop.ThrowIfCancellationRequested();
            for (int i = 0; i < lines.Length; i++)
            {
                ids[i] = tokenizer.Encode(lines[i]).Ids;
            }
        }

        Encode();   // compiles
        double seconds = Enumerable.Range(0, rounds).Min(_ => Suite.Seconds(Encode));
        int tokens = 0;
        long sum = 0;
        foreach (int id in ids.SelectMany(line => line))
        {
            sum = (sum + ((long)id * (++tokens % 1009))) % 1_000_003;
        }

        return (seconds, tokens, (int)sum);
    }
}
