using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models.Families;

/// <summary>Gemma 3 (2025), text: norms before and after each part, queries and keys normed by head, five sliding layers with rotary frequencies of their own to one full layer.</summary>
internal sealed class Gemma3Family : IModelFamily
{
    private const int UsualPattern = 6;

    public string Name => "gemma3_text";

    public string GgufArchitecture => "gemma3";

    public ModelSpec FromConfig(ModelConfig config, Checkpoint checkpoint)
    {
        DecoderConfig decoder = DecoderConfig.Llama(config, checkpoint, keyValueHeads: 4, headSize: 256, context: 131072);
        decoder.Refuse("use_bidirectional_attention", "Keyhole reads causal models");
        if (config.Has("attn_logit_softcapping"))
        {
            throw config.Refuse("attn_logit_softcapping", "null: Gemma 3 does not cap its scores");
        }

        double epsilon = config.GetDouble("rms_norm_eps", 1e-6);
        bool bias = config.GetBool("attention_bias", false);
        float scale = 1 / MathF.Sqrt(decoder.OptionalPositive("query_pre_attn_scalar", 256) ?? throw config.Refuse("query_pre_attn_scalar", "a number above 0"));
        int pattern = config.Size("sliding_window_pattern", UsualPattern);
        int?[] windows = AttentionWindows.ByLayer(config, AttentionWindows.Size(config, 4096), layer => (layer + 1) % pattern != 0, decoder.Layers);
        (RotarySettings full, RotarySettings sliding) = RotaryConfig.ReadByLayerType(config, decoder.HeadSize, decoder.Context, fullTheta: 1e6, slidingTheta: 10000);
        return new GatedDecoder(decoder)
        {
            Norm = name => DecoderConfig.RmsNorm(name, epsilon, offset: 1),
            AttentionOutputNorm = "post_attention_layernorm",
            FeedForwardNorm = "pre_feedforward_layernorm",
            FeedForwardOutputNorm = "post_feedforward_layernorm",
            QueryKeyValueBias = bias,
            AttentionOutputBias = bias,
            QueryKeyNorm = GatedDecoder.QueryKeyRmsNorm(decoder, epsilon, byHead: true, offset: 1),
            Scoring = layer => new AttentionScoring(scale) { Window = windows[layer] },
            Rotary = layer => windows[layer] is null ? full : sliding,
            Activation = decoder.Activation("hidden_activation", "gelu_pytorch_tanh"),
        }.Describe(Name, new HeadSpec(decoder.Output(tiedByDefault: true)) { SoftCap = decoder.OptionalPositive("final_logit_softcapping") }, embedding => embedding with { Scale = MathF.Sqrt(decoder.Width) });
    }

    // The largest Gemma 3 (62 layers) scales by D / H, the others by the size of a head; the file does not say which.
    public ModelSpec FromGguf(GgufFile file) => new GgufDecoder(file, GgufArchitecture)
    {
        ScalesEmbedding = true,
        Activation = ActivationKind.GeluPytorchTanh,
        ScalesByWidth = layers => layers == 62,
        Slides = layer => (layer + 1) % UsualPattern != 0,
        SlidingTheta = 10000,
        Theta = 1e6,
    }.Describe(Name);
}
