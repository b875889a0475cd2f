using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models.Families;

/// <summary>OLMoE (Muennighoff et al. 2024): many small experts, queries and keys normed over all heads, then clipped where there is a limit.</summary>
internal sealed class OlmoeFamily : IModelFamily
{
    public string Name => "olmoe";

    public string GgufArchitecture => "olmoe";

    public ModelSpec FromConfig(ModelConfig config, Checkpoint checkpoint)
    {
        DecoderConfig decoder = DecoderConfig.Llama(config, checkpoint, context: 4096);
        double epsilon = config.GetDouble("rms_norm_eps", 1e-5);
        bool bias = config.GetBool("attention_bias", false);
        ActivationKind activation = decoder.Activation("hidden_act", "silu");
        RotarySettings rotary = RotaryConfig.Read(config, decoder.HeadSize, decoder.Context);
        int experts = config.Size(DecoderConfig.Key(config, "num_experts", "num_local_experts"));
        bool renormalizes = config.GetBool("norm_topk_prob", false);
        return new GatedDecoder(decoder)
        {
            Norm = name => DecoderConfig.RmsNorm(name, epsilon),
            QueryKeyValueBias = bias,
            AttentionOutputBias = bias,
            QueryKeyNorm = GatedDecoder.QueryKeyRmsNorm(decoder, epsilon, byHead: false),
            Clip = decoder.OptionalPositive("clip_qkv"),
            Rotary = _ => rotary,
            Activation = activation,
            Mixture = prefix => Mixtures.Describe(decoder, checkpoint, prefix, "mlp.gate",
                ("mlp.experts.{0}.gate_proj", "mlp.experts.{0}.up_proj", "mlp.experts.{0}.down_proj"), experts, "num_experts_per_tok", renormalizes, activation),
        }.Describe(Name, new HeadSpec(decoder.Output(tiedByDefault: false)));
    }

    public ModelSpec FromGguf(GgufFile file) => new GgufDecoder(file, GgufArchitecture).Describe(Name);
}
