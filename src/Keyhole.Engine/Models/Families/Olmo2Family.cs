using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models.Families;

/// <summary>OLMo 2 (2024): norms after each part instead of before, queries and keys normed over all heads.</summary>
internal sealed class Olmo2Family : IModelFamily
{
    public string Name => "olmo2";

    public string GgufArchitecture => "olmo2";

    public ModelSpec FromConfig(ModelConfig config, Checkpoint checkpoint)
    {
        DecoderConfig decoder = DecoderConfig.Llama(config, checkpoint);
        double epsilon = config.GetDouble("rms_norm_eps", 1e-5);
        bool bias = config.GetBool("attention_bias", false);
        RotarySettings rotary = RotaryConfig.Read(config, decoder.HeadSize, decoder.Context);
        return new GatedDecoder(decoder)
        {
            Norm = name => DecoderConfig.RmsNorm(name, epsilon),
            AttentionNorm = null,
            AttentionOutputNorm = "post_attention_layernorm",
            FeedForwardNorm = null,
            FeedForwardOutputNorm = "post_feedforward_layernorm",
            QueryKeyValueBias = bias,
            AttentionOutputBias = bias,
            QueryKeyNorm = GatedDecoder.QueryKeyRmsNorm(decoder, epsilon, byHead: false),
            Rotary = _ => rotary,
            Activation = decoder.Activation("hidden_act", "silu"),
        }.Describe(Name, new HeadSpec(decoder.Output(tiedByDefault: false)));
    }

    // OLMo 3 files say olmo2 too: three layers of four slide, with frequencies that are not scaled.
    public ModelSpec FromGguf(GgufFile file) => new GgufDecoder(file, GgufArchitecture)
    {
        HasInputNorms = false,
        Slides = layer => layer % 4 != 3,
        SlidingTheta = file.GetDouble("olmo2.rope.freq_base", 10000),
    }.Describe(Name);
}
