using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models.Families;

/// <summary>GPT-2 (Radford et al. 2019): LayerNorm, learned positions, plain layers; its maps are stored transposed (<c>Conv1D</c>).</summary>
internal sealed class Gpt2Family : IModelFamily
{
    public string Name => "gpt2";

    public string GgufArchitecture => "gpt2";

    public ModelSpec FromConfig(ModelConfig config, Checkpoint checkpoint)
    {
        DecoderConfig decoder = DecoderConfig.Gpt2(config, checkpoint, DecoderConfig.Key(config, "n_positions", "max_position_embeddings", "n_ctx"), 1024);
        int width = decoder.Width;
        decoder.Refuse("add_cross_attention", "Keyhole reads decoders alone");
        double epsilon = config.GetDouble("layer_norm_epsilon", 1e-5);
        ActivationKind activation = decoder.Activation("activation_function", "gelu_new");
        bool scaled = config.GetBool("scale_attn_weights", true);
        bool byLayer = config.GetBool("scale_attn_by_inverse_layer_idx", false);
        _ = config.Has("reorder_and_upcast_attn");   // another order of the same operations

        LinearSpec Map(string name, int outputs, int inputs) => DecoderConfig.Linear(name, outputs, inputs, bias: true) with { Transposed = true };
        BlockSpec Block(int layer)
        {
            string prefix = decoder.At(layer, string.Empty, "h");
            (LinearSpec query, LinearSpec key, LinearSpec value) = decoder.Fused(Map(prefix + "attn.c_attn", PositiveValues.Product(config.File, DecoderConfig.Key(config, "n_embd", "hidden_size"), width, "three maps", 3), width));
            float scale = (scaled ? decoder.RootScale : 1) / (byLayer ? layer + 1 : 1);
            return new BlockSpec(
                decoder.Attention(query, key, value, Map(prefix + "attn.c_proj", width, width)) with { Scoring = new AttentionScoring(scale) },
                new FeedForwardSpec(Map(prefix + "mlp.c_fc", decoder.Memories, width), Map(prefix + "mlp.c_proj", width, decoder.Memories), null, activation))
            {
                AttentionNorm = DecoderConfig.LayerNorm(prefix + "ln_1", epsilon),
                FeedForwardNorm = DecoderConfig.LayerNorm(prefix + "ln_2", epsilon),
            };
        }

        return decoder.Model(Name, Block, new HeadSpec(decoder.Output(tiedByDefault: true)) { Norm = DecoderConfig.LayerNorm(decoder.Root + "ln_f", epsilon) },
            tokens => tokens with { Positions = decoder.Root + "wpe.weight", PositionRows = decoder.Context });
    }

    public ModelSpec FromGguf(GgufFile file) => new GgufDecoder(file, GgufArchitecture) { Positions = GgufPositions.Learned, Activation = ActivationKind.GeluNew }.Describe(Name);
}
