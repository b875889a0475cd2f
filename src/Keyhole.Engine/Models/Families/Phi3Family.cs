using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models.Families;

/// <summary>Phi-3 and Phi-3.5 (2024): Llama with query, key and value in one map, gate and linear part in another; long variants use longrope.</summary>
internal sealed class Phi3Family : IModelFamily
{
    public string Name => "phi3";

    public string GgufArchitecture => "phi3";

    public ModelSpec FromConfig(ModelConfig config, Checkpoint checkpoint)
    {
        DecoderConfig decoder = DecoderConfig.Llama(config, checkpoint, context: 4096);
        double epsilon = config.GetDouble("rms_norm_eps", 1e-5);
        RotarySettings rotary = RotaryConfig.Read(config, decoder.HeadSize, decoder.Context, new RotaryDefaults { Partial = 1, RotatesOddUp = true, OriginalPositions = 4096, YarnIsLongRope = true });
        int? window = AttentionWindows.Size(config, null);
        return new GatedDecoder(decoder)
        {
            Norm = name => DecoderConfig.RmsNorm(name, epsilon),
            IsFused = true,
            Scoring = _ => new AttentionScoring(decoder.RootScale) { Window = window },
            Rotary = _ => rotary,
            Activation = decoder.Activation("hidden_act", "silu"),
        }.Describe(Name, new HeadSpec(decoder.Output(tiedByDefault: false)));
    }

    public ModelSpec FromGguf(GgufFile file) => new GgufDecoder(file, GgufArchitecture).Describe(Name);
}
