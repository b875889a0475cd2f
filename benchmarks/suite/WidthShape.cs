using System.Globalization;
using System.Text;
using System.Text.Json;
using Keyhole.Cli.Bench;
using Keyhole.Engine.Checkpoints;

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
        RandomModel.Write(folder, new Dictionary<string, object>
        {
            ["model_type"] = "opt",
            ["hidden_size"] = width,
            ["word_embed_proj_dim"] = width,
            ["num_attention_heads"] = width / 64,
            ["ffn_dim"] = 4 * width,
            ["num_hidden_layers"] = Layers,
            ["vocab_size"] = Vocabulary,
            ["max_position_embeddings"] = Context,
            ["activation_function"] = "relu",
            ["do_layer_norm_before"] = true,
            ["_remove_final_layer_norm"] = true,
            ["enable_bias"] = false,
            ["layer_norm_elementwise_affine"] = false,
            ["tie_word_embeddings"] = true,
        }, StorageType.F16, 0.04f, [.. Tensors(width)], null, CancellationToken.None);
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

    private static IEnumerable<(string Name, long[] Shape)> Tensors(int width)
    {
        yield return ("model.decoder.embed_tokens.weight", [Vocabulary, width]);
        yield return ("model.decoder.embed_positions.weight", [Context + 2, width]);
        for (int layer = 0; layer < Layers; layer++)
        {
            string prefix = string.Create(CultureInfo.InvariantCulture, $"model.decoder.layers.{layer}.");
            foreach (string map in (string[])["q_proj", "k_proj", "v_proj", "out_proj"])
            {
                yield return ($"{prefix}self_attn.{map}.weight", [width, width]);
            }

            yield return (prefix + "fc1.weight", [4L * width, width]);
            yield return (prefix + "fc2.weight", [width, 4L * width]);
        }
    }
}
