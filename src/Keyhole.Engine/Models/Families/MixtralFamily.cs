using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models.Families;

/// <summary>Mixtral (Jiang et al. 2024): Mistral with experts, whose router's weights sum to one over the chosen. Its GGUF files say llama.</summary>
internal sealed class MixtralFamily : IModelFamily
{
    public string Name => "mixtral";

    public ModelSpec FromConfig(ModelConfig config, Checkpoint checkpoint)
    {
        DecoderConfig decoder = DecoderConfig.Llama(config, checkpoint, keyValueHeads: 8, context: 131072);
        double epsilon = config.GetDouble("rms_norm_eps", 1e-5);
        ActivationKind activation = decoder.Activation("hidden_act", "silu");
        RotarySettings rotary = RotaryConfig.Read(config, decoder.HeadSize, decoder.Context, new RotaryDefaults { Theta = 1e6 });
        int? window = AttentionWindows.Size(config, null);
        int experts = config.Size(DecoderConfig.Key(config, "num_local_experts", "num_experts"));
        return new GatedDecoder(decoder)
        {
            Norm = name => DecoderConfig.RmsNorm(name, epsilon),
            Scoring = _ => new AttentionScoring(decoder.RootScale) { Window = window },
            Rotary = _ => rotary,
            Activation = activation,
            Mixture = prefix => Mixtures.Describe(decoder, checkpoint, prefix, "block_sparse_moe.gate",
                ("block_sparse_moe.experts.{0}.w1", "block_sparse_moe.experts.{0}.w3", "block_sparse_moe.experts.{0}.w2"), experts, "num_experts_per_tok", renormalizes: true, activation),
        }.Describe(Name, new HeadSpec(decoder.Output(tiedByDefault: false)));
    }
}
