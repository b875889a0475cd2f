using System.Globalization;
using System.Text;
using System.Text.Json;
using Keyhole.Cli.Bench;

namespace Keyhole.Benchmarks;

/// <summary>Random models of any width with two layers of four times as many memories, and a corpus of one word a token for them.</summary>
internal static class WidthShape
{
    private const int Layers = 2;
    private const int Vocabulary = 1000;
    private const int LineWords = 24;
    private const int Context = 64;

    /// <summary>Writes a model.</summary>
    /// <param name="folder">Made where it is missing.</param>
    /// <param name="width">D; a multiple of 64.</param>
    public static void Write(string folder, int width)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), JsonSerializer.Serialize(new
        {
            version = "1.0",
            added_tokens = Array.Empty<object>(),
            normalizer = (object?)null,
            pre_tokenizer = new { type = "WhitespaceSplit" },
            post_processor = (object?)null,
            decoder = (object?)null,
            model = new { type = "WordLevel", unk_token = "w0", vocab = Enumerable.Range(0, Vocabulary).ToDictionary(id => string.Create(CultureInfo.InvariantCulture, $"w{id}"), id => id) },
        }));
        new RandomOpt(Layers, width, Heads: width / 64, Memories: 4 * width, Vocabulary, Context).Write(folder, null, CancellationToken.None);
    }

    /// <summary>Writes lines of random words.</summary>
    public static void WriteCorpus(string path, int tokens)
    {
        var text = new StringBuilder();
        var random = new Random(1);
        for (int word = 0; word < tokens; word++)
        {
            text.Append('w').Append(random.Next(Vocabulary)).Append((word + 1) % LineWords == 0 ? '\n' : ' ');
        }

        File.WriteAllText(path, text.ToString());
    }
}
