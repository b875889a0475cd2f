using System.Globalization;
using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models.Families;

/// <summary>StableLM (2023 and 2024): gated layers, LayerNorm, a quarter of each head rotated; both parts may read the same norm.</summary>
internal sealed class StableLmFamily : IModelFamily
{
    public string Name => "stablelm";

    public string GgufArchitecture => "stablelm";

    public ModelSpec FromConfig(ModelConfig config, Checkpoint checkpoint)
    {
        DecoderConfig decoder = DecoderConfig.Llama(config, checkpoint, keyValueHeads: 32, context: 4096);
        double epsilon = config.GetDouble("layer_norm_eps", 1e-5);
        bool parallel = config.GetBool("use_parallel_residual", false);
        RotarySettings rotary = RotaryConfig.Read(config, decoder.HeadSize, decoder.Context, new RotaryDefaults { Partial = 0.25 });
        return new GatedDecoder(decoder)
        {
            Norm = name => DecoderConfig.LayerNorm(name, epsilon),
            FeedForwardNorm = parallel ? "input_layernorm" : "post_attention_layernorm",
            QueryKeyValueBias = config.GetBool("use_qkv_bias", false),
            QueryKeyNorm = config.GetBool("qk_layernorm", false) ? (attention, isQuery) => NormByHead(decoder, attention, isQuery, epsilon) : null,
            Rotary = _ => rotary,
            Activation = decoder.Activation("hidden_act", "silu"),
            IsParallel = parallel,
        }.Describe(Name, new HeadSpec(decoder.Output(tiedByDefault: false)));
    }

    // Both parts read one norm where the file has no second; converters write use_parallel_residual whatever the model does.
    public ModelSpec FromGguf(GgufFile file) => new GgufDecoder(file, GgufArchitecture) { IsParallel = !file.Tensors.ContainsKey("blk.0.ffn_norm.weight") }.Describe(Name);

    // Each head has a gain of its own.
    private static GroupNormSpec NormByHead(DecoderConfig decoder, string attention, bool isQuery, double epsilon)
        => new(NormKind.LayerNorm, decoder.HeadSize, (float)epsilon)
        {
            GroupWeights = [.. Enumerable.Range(0, isQuery ? decoder.Heads : decoder.KeyValueHeads)
                .Select(head => string.Create(CultureInfo.InvariantCulture, $"{attention}.{(isQuery ? 'q' : 'k')}_layernorm.norms.{head}.weight"))],
        };
}
