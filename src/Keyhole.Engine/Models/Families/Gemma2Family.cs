using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models.Families;

/// <summary>Gemma 2 (2024): norms before and after each part, every other layer slides, scores and logits are capped.</summary>
internal sealed class Gemma2Family : IModelFamily
{
    public string Name => "gemma2";

    public string GgufArchitecture => "gemma2";

    public ModelSpec FromConfig(ModelConfig config, Checkpoint checkpoint)
    {
        DecoderConfig decoder = DecoderConfig.Llama(config, checkpoint, keyValueHeads: 4, headSize: 256, context: 8192);
        decoder.Refuse("use_bidirectional_attention", "Keyhole reads causal models");
        double epsilon = config.GetDouble("rms_norm_eps", 1e-6);
        bool bias = config.GetBool("attention_bias", false);
        float scale = 1 / MathF.Sqrt(decoder.OptionalPositive("query_pre_attn_scalar", 256) ?? throw config.Refuse("query_pre_attn_scalar", "a number above 0"));
        float? cap = decoder.OptionalPositive("attn_logit_softcapping", 50);
        RotarySettings rotary = RotaryConfig.Read(config, decoder.HeadSize, decoder.Context);
        int?[] windows = AttentionWindows.ByLayer(config, AttentionWindows.Size(config, 4096), layer => layer % 2 == 0, decoder.Layers);
        return new GatedDecoder(decoder)
        {
            Norm = name => DecoderConfig.RmsNorm(name, epsilon, offset: 1),
            AttentionOutputNorm = "post_attention_layernorm",
            FeedForwardNorm = "pre_feedforward_layernorm",
            FeedForwardOutputNorm = "post_feedforward_layernorm",
            QueryKeyValueBias = bias,
            AttentionOutputBias = bias,
            Scoring = layer => new AttentionScoring(scale) { Window = windows[layer], SoftCap = cap },
            Rotary = _ => rotary,
            Activation = decoder.Activation("hidden_activation", "gelu_pytorch_tanh"),
        }.Describe(Name, new HeadSpec(decoder.Output(tiedByDefault: true)) { SoftCap = decoder.OptionalPositive("final_logit_softcapping", 30) }, embedding => embedding with { Scale = MathF.Sqrt(decoder.Width) });
    }

    // The largest Gemma 2 (46 layers) scales by D / H, the others by the size of a head; the file does not say which. The first files lack window and caps.
    public ModelSpec FromGguf(GgufFile file) => new GgufDecoder(file, GgufArchitecture)
    {
        ScalesEmbedding = true,
        Activation = ActivationKind.GeluPytorchTanh,
        ScalesByWidth = layers => layers == 46,
        Slides = layer => layer % 2 == 0,
        Window = 4096,
        SoftCap = 50,
        LogitSoftCap = 30,
    }.Describe(Name);
}
