using System.Globalization;
using System.Text;
using System.Text.Json;
using Keyhole.Engine.Checkpoints;

namespace Keyhole.Cli.Bench;

/// <summary>A Llama of 7 B with random weights in BF16, and a corpus for it: layers of 11,008 memories, 4,096 wide, 13 GB with all 32 of them.</summary>
internal static class LargeShape
{
    /// <summary>L of the whole model.</summary>
    public const int Layers = 32;

    /// <summary>D.</summary>
    public const int Width = 4096;

    /// <summary>F.</summary>
    public const int Memories = 11008;

    private const int Vocabulary = 32000;
    private const int LineWords = 24;
    private const float Scale = 0.02f;

    /// <summary>Writes a model of the first layers, with a tokenizer of one word a token.</summary>
    /// <param name="folder">Receives the files.</param>
    /// <param name="layers">Number of layers.</param>
    /// <param name="progress">Told the share that is written, or null.</param>
    /// <param name="stop">Stops it.</param>
    public static void Write(string folder, int layers, IProgress<double>? progress, CancellationToken stop)
    {
        WriteTokenizer(folder);
        RandomModel.Write(folder, new Dictionary<string, object>
        {
            ["model_type"] = "llama",
            ["hidden_size"] = Width,
            ["intermediate_size"] = Memories,
            ["num_hidden_layers"] = layers,
            ["num_attention_heads"] = 32,
            ["vocab_size"] = Vocabulary,
            ["max_position_embeddings"] = 4096,
            ["rms_norm_eps"] = 1e-5,
        }, StorageType.BF16, Scale, [.. Tensors(layers)], progress, stop);
    }

    /// <summary>Writes lines of random words.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tokens">Words in all.</param>
    public static void WriteCorpus(string path, int tokens)
    {
        var text = new StringBuilder();
        ulong state = 7;
        for (int word = 0; word < tokens; word++)
        {
            state = (state * 6364136223846793005) + 1442695040888963407;
            text.Append('w').Append((state >> 33) % Vocabulary).Append((word + 1) % LineWords == 0 ? '\n' : ' ');
        }

        File.WriteAllText(path, text.ToString());
    }

    private static void WriteTokenizer(string folder) => File.WriteAllText(Path.Combine(folder, "tokenizer.json"), JsonSerializer.Serialize(new
    {
        version = "1.0",
        added_tokens = Array.Empty<object>(),
        normalizer = (object?)null,
        pre_tokenizer = new { type = "WhitespaceSplit" },
        post_processor = (object?)null,
        decoder = (object?)null,
        model = new { type = "WordLevel", unk_token = "w0", vocab = Enumerable.Range(0, Vocabulary).ToDictionary(id => string.Create(CultureInfo.InvariantCulture, $"w{id}"), id => id) },
    }));

    private static IEnumerable<(string Name, long[] Shape)> Tensors(int layers)
    {
        yield return ("model.embed_tokens.weight", [Vocabulary, Width]);
        for (int layer = 0; layer < layers; layer++)
        {
            string prefix = string.Create(CultureInfo.InvariantCulture, $"model.layers.{layer}.");
            yield return (prefix + "input_layernorm.weight", [Width]);
            foreach (string map in (string[])["q_proj", "k_proj", "v_proj", "o_proj"])
            {
                yield return ($"{prefix}self_attn.{map}.weight", [Width, Width]);
            }

            yield return (prefix + "post_attention_layernorm.weight", [Width]);
            yield return (prefix + "mlp.gate_proj.weight", [Memories, Width]);
            yield return (prefix + "mlp.up_proj.weight", [Memories, Width]);
            yield return (prefix + "mlp.down_proj.weight", [Width, Memories]);
        }

        yield return ("model.norm.weight", [Width]);
        yield return ("lm_head.weight", [Vocabulary, Width]);
    }
}
