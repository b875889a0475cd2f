using Keyhole.Engine.Checkpoints;

namespace Keyhole.Engine.Models.Families;

/// <summary>Llama (Touvron et al. 2023): RMSNorm before each part, rotary positions, grouped queries, gated layers.</summary>
internal sealed class LlamaFamily : IModelFamily
{
    public string Name => "llama";

    public string GgufArchitecture => "llama";

    public ModelSpec FromConfig(ModelConfig config, Checkpoint checkpoint)
    {
        DecoderConfig decoder = DecoderConfig.Llama(config, checkpoint);
        double epsilon = config.GetDouble("rms_norm_eps", 1e-6);
        bool attentionBias = config.GetBool("attention_bias", false);
        var rotary = RotaryConfig.Read(config, decoder.HeadSize, decoder.Context);
        return new GatedDecoder(decoder)
        {
            Norm = name => DecoderConfig.RmsNorm(name, epsilon),
            QueryKeyValueBias = attentionBias,
            AttentionOutputBias = attentionBias,
            FeedForwardBias = config.GetBool("mlp_bias", false),
            Rotary = _ => rotary,
            Activation = decoder.Activation("hidden_act", "silu"),
        }.Describe(Name, new HeadSpec(decoder.Output(tiedByDefault: false)));
    }

    // Mistral and Mixtral files say llama too. Query and key rows are stored for pairs that stand side by side.
    public ModelSpec FromGguf(GgufFile file)
    {
        var decoder = new GgufDecoder(file, GgufArchitecture) { PermutedPairs = true, RenormalizesExperts = true };
        return decoder.Describe(Name);
    }
}
