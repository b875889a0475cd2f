using System.Globalization;
using Keyhole.Engine.Checkpoints;

namespace Keyhole.Cli.Bench;

/// <summary>A model of the paper's shape with random weights: 16 layers of 4,096 memories, 1,024 wide, a plain dense output embedding of 267,744 tokens.</summary>
internal static class PaperShape
{
    private const int Layers = 16;
    private const int Width = 1024;
    private const int Memories = 4096;
    private const int Vocabulary = 267_744;
    private const int Context = 512;

    /// <summary>Writes the model into a folder: about 950 MB of halves.</summary>
    public static void Write(string folder, IProgress<double>? progress, CancellationToken stop) => RandomModel.Write(folder, new Dictionary<string, object>
    {
        ["model_type"] = "opt",
        ["hidden_size"] = Width,
        ["word_embed_proj_dim"] = Width,
        ["num_attention_heads"] = 8,
        ["ffn_dim"] = Memories,
        ["num_hidden_layers"] = Layers,
        ["vocab_size"] = Vocabulary,
        ["max_position_embeddings"] = Context,
        ["activation_function"] = "relu",
        ["do_layer_norm_before"] = true,
        ["_remove_final_layer_norm"] = true,
        ["enable_bias"] = false,
        ["layer_norm_elementwise_affine"] = false,
        ["tie_word_embeddings"] = true,
    }, StorageType.F16, 0.04f, [.. Tensors()], progress, stop);

    private static IEnumerable<(string Name, long[] Shape)> Tensors()
    {
        yield return ("model.decoder.embed_tokens.weight", [Vocabulary, Width]);
        yield return ("model.decoder.embed_positions.weight", [Context + 2, Width]);
        for (int layer = 0; layer < Layers; layer++)
        {
            string prefix = string.Create(CultureInfo.InvariantCulture, $"model.decoder.layers.{layer}.");
            foreach (string map in (string[])["q_proj", "k_proj", "v_proj", "out_proj"])
            {
                yield return ($"{prefix}self_attn.{map}.weight", [Width, Width]);
            }

            yield return (prefix + "fc1.weight", [Memories, Width]);
            yield return (prefix + "fc2.weight", [Width, Memories]);
        }
    }
}
