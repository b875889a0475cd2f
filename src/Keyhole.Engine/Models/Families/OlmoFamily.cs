using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models.Families;

/// <summary>OLMo (Groeneveld et al. 2024): LayerNorm without gain and bias, queries, keys and values clipped where there is a limit.</summary>
internal sealed class OlmoFamily : IModelFamily
{
    private const float Epsilon = 1e-5f;   // the config has no key for it

    public string Name => "olmo";

    public string GgufArchitecture => "olmo";

    public ModelSpec FromConfig(ModelConfig config, Checkpoint checkpoint)
    {
        DecoderConfig decoder = DecoderConfig.Llama(config, checkpoint);
        bool bias = config.GetBool("attention_bias", false);
        RotarySettings rotary = RotaryConfig.Read(config, decoder.HeadSize, decoder.Context);
        return new GatedDecoder(decoder)
        {
            Norm = _ => new NormSpec(NormKind.LayerNorm, null, null, Epsilon),
            QueryKeyValueBias = bias,
            AttentionOutputBias = bias,
            Clip = decoder.OptionalPositive("clip_qkv"),
            Rotary = _ => rotary,
            Activation = decoder.Activation("hidden_act", "silu"),
        }.Describe(Name, new HeadSpec(decoder.Output(tiedByDefault: false)));
    }

    public ModelSpec FromGguf(GgufFile file) => new GgufDecoder(file, GgufArchitecture) { PermutedPairs = true, NormsWithoutGain = true }.Describe(Name);
}
