using System.Globalization;
using Keyhole.Engine.Checkpoints;

namespace Keyhole.Cli.Bench;

/// <summary>A model like the paper's with random weights: the family opt without biases, gains and final norm.</summary>
/// <param name="Layers">L.</param>
/// <param name="Width">D.</param>
/// <param name="Heads">H.</param>
/// <param name="Memories">F.</param>
/// <param name="Vocabulary">V.</param>
/// <param name="Context">Tokens of the longest text.</param>
internal sealed record RandomOpt(int Layers, int Width, int Heads, int Memories, int Vocabulary, int Context)
{
    /// <summary>Writes the model into a folder, as halves.</summary>
    public void Write(string folder, IProgress<double>? progress, CancellationToken stop) => RandomModel.Write(folder, new Dictionary<string, object>
    {
        ["model_type"] = "opt",
        ["hidden_size"] = Width,
        ["word_embed_proj_dim"] = Width,
        ["num_attention_heads"] = Heads,
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

    private IEnumerable<(string Name, long[] Shape)> Tensors()
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
