using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models.Families;

/// <summary>Mistral (Jiang et al. 2023): Llama without biases, with a sliding window. Its GGUF files say llama.</summary>
internal sealed class MistralFamily : IModelFamily
{
    public string Name => "mistral";

    public ModelSpec FromConfig(ModelConfig config, Checkpoint checkpoint)
    {
        DecoderConfig decoder = DecoderConfig.Llama(config, checkpoint, keyValueHeads: 8, context: 131072);
        double epsilon = config.GetDouble("rms_norm_eps", 1e-6);
        RotarySettings rotary = RotaryConfig.Read(config, decoder.HeadSize, decoder.Context);
        int? window = AttentionWindows.Size(config, 4096);
        return new GatedDecoder(decoder)
        {
            Norm = name => DecoderConfig.RmsNorm(name, epsilon),
            Scoring = _ => new AttentionScoring(decoder.RootScale) { Window = window },
            Rotary = _ => rotary,
            Activation = decoder.Activation("hidden_act", "silu"),
        }.Describe(Name, new HeadSpec(decoder.Output(tiedByDefault: false)));
    }
}
