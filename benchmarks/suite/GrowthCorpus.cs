using System.IO.Compression;
using Keyhole.Engine.Tokens;

namespace Keyhole.Benchmarks;

/// <summary>Texts for mini of any number of tokens: its training text where that is there, the repository's sample of it over and over else.</summary>
internal static class GrowthCorpus
{
    /// <summary>Writes whole lines until there are so many tokens.</summary>
    /// <exception cref="BenchmarkFailedException">The texts have no tokens.</exception>
    public static void Write(string path, Suite suite, int tokens)
    {
        Tokenizer tokenizer = TokenizerLoader.Load(suite.Mini);
        using var output = new StreamWriter(path) { NewLine = "\n" };
        int written = 0;
        while (written < tokens)
        {
            int before = written;
            foreach (string line in Lines(suite))
            {
                if (written >= tokens)
                {
                    break;
                }

                output.WriteLine(line);
                written += tokenizer.Encode(line).Ids.Length;
            }

            if (written == before)
            {
                throw new BenchmarkFailedException("The texts for the growth of mining have no tokens.");
            }
        }
    }

    private static IEnumerable<string> Lines(Suite suite)
    {
        string training = Path.Combine(suite.Shared, "models", "mini", "train.sentences.txt.gz");
        using Stream file = File.OpenRead(File.Exists(training) ? training : suite.MiniSentences);
        using var reader = new StreamReader(File.Exists(training) ? new GZipStream(file, CompressionMode.Decompress) : file);
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}
