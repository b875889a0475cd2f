using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models.Families;

/// <summary>StarCoder2 (Lozhkov et al. 2024): rotary positions and grouped queries, LayerNorm, plain layers, biases throughout, a sliding window.</summary>
internal sealed class StarCoder2Family : IModelFamily
{
    public string Name => "starcoder2";

    public string GgufArchitecture => "starcoder2";

    public ModelSpec FromConfig(ModelConfig config, Checkpoint checkpoint)
    {
        DecoderConfig decoder = DecoderConfig.Llama(config, checkpoint, keyValueHeads: 2, context: 4096);
        int width = decoder.Width;
        double epsilon = config.GetDouble("norm_epsilon", 1e-5);
        bool bias = config.GetBool("use_bias", true);
        ActivationKind activation = decoder.Activation("hidden_act", "gelu_pytorch_tanh");
        RotarySettings rotary = RotaryConfig.Read(config, decoder.HeadSize, decoder.Context);
        int? window = AttentionWindows.Size(config, null);

        BlockSpec Block(int layer)
        {
            string prefix = decoder.At(layer, string.Empty);
            string attention = prefix + "self_attn.";
            return new BlockSpec(
                decoder.Attention(
                    DecoderConfig.Linear(attention + "q_proj", decoder.QueryWidth, width, bias),
                    DecoderConfig.Linear(attention + "k_proj", decoder.KeyWidth, width, bias),
                    DecoderConfig.Linear(attention + "v_proj", decoder.KeyWidth, width, bias),
                    DecoderConfig.Linear(attention + "o_proj", width, decoder.QueryWidth, bias)) with
                {
                    Scoring = new AttentionScoring(decoder.RootScale) { Window = window },
                    Rotary = rotary,
                },
                new FeedForwardSpec(
                    DecoderConfig.Linear(prefix + "mlp.c_fc", decoder.Memories, width, bias),
                    DecoderConfig.Linear(prefix + "mlp.c_proj", width, decoder.Memories, bias),
                    null,
                    activation))
            {
                AttentionNorm = DecoderConfig.LayerNorm(prefix + "input_layernorm", epsilon),
                FeedForwardNorm = DecoderConfig.LayerNorm(prefix + "post_attention_layernorm", epsilon),
            };
        }

        return decoder.Model(Name, Block, new HeadSpec(decoder.Output(tiedByDefault: true)) { Norm = DecoderConfig.LayerNorm(decoder.Root + "norm", epsilon) });
    }

    public ModelSpec FromGguf(GgufFile file) => new GgufDecoder(file, GgufArchitecture) { Activation = ActivationKind.GeluPytorchTanh }.Describe(Name);
}
