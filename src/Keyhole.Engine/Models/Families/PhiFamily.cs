using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models.Families;

/// <summary>Phi-1, 1.5 and 2 (2023): both parts read one norm in parallel, half of each head is rotated, every map and the logits have biases.</summary>
internal sealed class PhiFamily : IModelFamily
{
    public string Name => "phi";

    public string GgufArchitecture => "phi2";

    public ModelSpec FromConfig(ModelConfig config, Checkpoint checkpoint)
    {
        DecoderConfig decoder = DecoderConfig.Llama(config, checkpoint);
        int width = decoder.Width;
        double epsilon = config.GetDouble("layer_norm_eps", 1e-5);
        ActivationKind activation = decoder.Activation("hidden_act", "gelu_new");
        bool normsHeads = config.GetBool("qk_layernorm", false);
        RotarySettings rotary = RotaryConfig.Read(config, decoder.HeadSize, decoder.Context, new RotaryDefaults { Partial = 0.5 });

        BlockSpec Block(int layer)
        {
            string prefix = decoder.At(layer, string.Empty);
            string attention = prefix + "self_attn.";
            NormSpec norm = DecoderConfig.LayerNorm(prefix + "input_layernorm", epsilon);
            GroupNormSpec? HeadNorm(string name) => normsHeads
                ? new GroupNormSpec(NormKind.LayerNorm, decoder.HeadSize, (float)epsilon) { Weight = $"{attention}{name}.weight", Bias = $"{attention}{name}.bias" }
                : null;
            return new BlockSpec(
                decoder.Attention(
                    DecoderConfig.Linear(attention + "q_proj", decoder.QueryWidth, width, bias: true),
                    DecoderConfig.Linear(attention + "k_proj", decoder.KeyWidth, width, bias: true),
                    DecoderConfig.Linear(attention + "v_proj", decoder.KeyWidth, width, bias: true),
                    DecoderConfig.Linear(attention + "dense", width, decoder.QueryWidth, bias: true)) with
                {
                    QueryNorm = HeadNorm("q_layernorm"),
                    KeyNorm = HeadNorm("k_layernorm"),
                    Rotary = rotary,
                },
                new FeedForwardSpec(
                    DecoderConfig.Linear(prefix + "mlp.fc1", decoder.Memories, width, bias: true),
                    DecoderConfig.Linear(prefix + "mlp.fc2", width, decoder.Memories, bias: true),
                    null,
                    activation))
            {
                AttentionNorm = norm,
                FeedForwardNorm = norm,
                IsParallel = true,
            };
        }

        return decoder.Model(Name, Block, new HeadSpec(decoder.Output(tiedByDefault: false))
        {
            Norm = DecoderConfig.LayerNorm(decoder.Root + "final_layernorm", epsilon),
            Bias = "lm_head.bias",
        });
    }

    public ModelSpec FromGguf(GgufFile file) => new GgufDecoder(file, GgufArchitecture) { IsParallel = true, Activation = ActivationKind.GeluNew }.Describe(Name);
}
