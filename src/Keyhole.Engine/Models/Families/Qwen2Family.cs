using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models.Families;

/// <summary>Qwen2 and Qwen2.5: Llama with biases of query, key and value; the upper layers may slide.</summary>
internal sealed class Qwen2Family : IModelFamily
{
    public string Name => "qwen2";

    public string GgufArchitecture => "qwen2";

    public ModelSpec FromConfig(ModelConfig config, Checkpoint checkpoint)
    {
        DecoderConfig decoder = DecoderConfig.Llama(config, checkpoint, keyValueHeads: 32, context: 32768);
        double epsilon = config.GetDouble("rms_norm_eps", 1e-6);
        RotarySettings rotary = RotaryConfig.Read(config, decoder.HeadSize, decoder.Context);
        int?[] windows = Windows(config, decoder.Layers);
        return new GatedDecoder(decoder)
        {
            Norm = name => DecoderConfig.RmsNorm(name, epsilon),
            QueryKeyValueBias = true,
            Scoring = layer => new AttentionScoring(decoder.RootScale) { Window = windows[layer] },
            Rotary = _ => rotary,
            Activation = decoder.Activation("hidden_act", "silu"),
        }.Describe(Name, new HeadSpec(decoder.Output(tiedByDefault: false)));
    }

    public ModelSpec FromGguf(GgufFile file) => new GgufDecoder(file, GgufArchitecture).Describe(Name);

    /// <summary>Windows of Qwen2 and Qwen3: none unless <c>use_sliding_window</c>; then of the layers from <c>max_window_layers</c> on.</summary>
    public static int?[] Windows(ModelConfig config, int layers)
    {
        int first = config.GetInt32("max_window_layers", 28);
        int? size = AttentionWindows.Size(config, 4096);
        size = config.GetBool("use_sliding_window", false) ? size : null;
        return AttentionWindows.ByLayer(config, size, layer => size is not null && layer >= first, layers);
    }
}
