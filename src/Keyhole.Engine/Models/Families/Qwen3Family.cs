using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models.Families;

/// <summary>Qwen3 (dense): heads of a size of their own, queries and keys normed head by head.</summary>
internal sealed class Qwen3Family : IModelFamily
{
    public string Name => "qwen3";

    public string GgufArchitecture => "qwen3";

    public ModelSpec FromConfig(ModelConfig config, Checkpoint checkpoint)
    {
        DecoderConfig decoder = DecoderConfig.Llama(config, checkpoint, keyValueHeads: 32, headSize: 128, context: 32768);
        double epsilon = config.GetDouble("rms_norm_eps", 1e-6);
        bool bias = config.GetBool("attention_bias", false);
        RotarySettings rotary = RotaryConfig.Read(config, decoder.HeadSize, decoder.Context);
        int?[] windows = Qwen2Family.Windows(config, decoder.Layers);
        return new GatedDecoder(decoder)
        {
            Norm = name => DecoderConfig.RmsNorm(name, epsilon),
            QueryKeyValueBias = bias,
            AttentionOutputBias = bias,
            QueryKeyNorm = GatedDecoder.QueryKeyRmsNorm(decoder, epsilon, byHead: true),
            Scoring = layer => new AttentionScoring(decoder.RootScale) { Window = windows[layer] },
            Rotary = _ => rotary,
            Activation = decoder.Activation("hidden_act", "silu"),
        }.Describe(Name, new HeadSpec(decoder.Output(tiedByDefault: false)));
    }

    public ModelSpec FromGguf(GgufFile file) => new GgufDecoder(file, GgufArchitecture).Describe(Name);
}
