using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models.Families;

/// <summary>Gemma (2024): the embedding times the root of D, gains stored less one, GELU gates.</summary>
internal sealed class GemmaFamily : IModelFamily
{
    public string Name => "gemma";

    public string GgufArchitecture => "gemma";

    public ModelSpec FromConfig(ModelConfig config, Checkpoint checkpoint)
    {
        DecoderConfig decoder = DecoderConfig.Llama(config, checkpoint, keyValueHeads: 16, headSize: 256, context: 8192);
        decoder.Refuse("use_bidirectional_attention", "Keyhole reads causal models");
        double epsilon = config.GetDouble("rms_norm_eps", 1e-6);
        bool bias = config.GetBool("attention_bias", false);
        RotarySettings rotary = RotaryConfig.Read(config, decoder.HeadSize, decoder.Context);
        return new GatedDecoder(decoder)
        {
            Norm = name => DecoderConfig.RmsNorm(name, epsilon, offset: 1),
            QueryKeyValueBias = bias,
            AttentionOutputBias = bias,
            Rotary = _ => rotary,
            Activation = decoder.Activation("hidden_act", "gelu_pytorch_tanh"),
        }.Describe(Name, new HeadSpec(decoder.Output(tiedByDefault: true)), embedding => embedding with { Scale = MathF.Sqrt(decoder.Width) });
    }

    public ModelSpec FromGguf(GgufFile file) => new GgufDecoder(file, GgufArchitecture) { ScalesEmbedding = true, Activation = ActivationKind.GeluPytorchTanh }.Describe(Name);
}
