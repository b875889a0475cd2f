using System.Collections.Immutable;
using System.Globalization;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models.Families;

/// <summary>The blocks that Llama and its relatives share: rotary positions, grouped queries, gated layers. What differs between them is data.</summary>
internal sealed record GatedDecoder(DecoderConfig Config)
{
    /// <summary>A norm under a name.</summary>
    public required Func<string, NormSpec> Norm { get; init; }

    /// <summary>N1 of a block, by name after the layer; null for none. So are the norms that follow.</summary>
    public string? AttentionNorm { get; init; } = "input_layernorm";

    /// <summary>N2.</summary>
    public string? FeedForwardNorm { get; init; } = "post_attention_layernorm";

    /// <summary>P1.</summary>
    public string? AttentionOutputNorm { get; init; }

    /// <summary>P2.</summary>
    public string? FeedForwardOutputNorm { get; init; }

    /// <summary>Whether query, key and value have biases.</summary>
    public bool QueryKeyValueBias { get; init; }

    /// <summary>Whether attention's output has a bias.</summary>
    public bool AttentionOutputBias { get; init; }

    /// <summary>Whether the maps of the feed-forward layer have biases.</summary>
    public bool FeedForwardBias { get; init; }

    /// <summary>Whether query, key and value are one map, and gate and linear part another (Phi-3).</summary>
    public bool IsFused { get; init; }

    /// <summary>Norm of a layer's queries (true) or keys (false), by the name of its attention; null for none.</summary>
    public Func<string, bool, GroupNormSpec>? QueryKeyNorm { get; init; }

    /// <summary>Limit of queries, keys and values.</summary>
    public float? Clip { get; init; }

    /// <summary>How a layer's scores become weights; 1 / sqrt(head size) where null.</summary>
    public Func<int, AttentionScoring>? Scoring { get; init; }

    /// <summary>Rotary embedding of a layer.</summary>
    public required Func<int, RotarySettings?> Rotary { get; init; }

    /// <summary>f.</summary>
    public required ActivationKind Activation { get; init; }

    /// <summary>Whether both parts read the same residual.</summary>
    public bool IsParallel { get; init; }

    /// <summary>A mixture in place of the one bank, from a layer's name prefix; null for none.</summary>
    public Func<string, FeedForwardSpec>? Mixture { get; init; }

    /// <summary>A whole-row or per-head RMSNorm of queries and keys, under the names <c>q_norm</c> and <c>k_norm</c>.</summary>
    public static Func<string, bool, GroupNormSpec> QueryKeyRmsNorm(DecoderConfig config, double epsilon, bool byHead, float offset = 0)
        => (attention, isQuery) => new GroupNormSpec(NormKind.RmsNorm, byHead ? config.HeadSize : isQuery ? config.QueryWidth : config.KeyWidth, (float)epsilon)
        {
            Weight = $"{attention}.{(isQuery ? 'q' : 'k')}_norm.weight",
            GainOffset = offset,
        };

    /// <summary>The model.</summary>
    public ModelSpec Describe(string family, HeadSpec head, Func<EmbeddingSpec, EmbeddingSpec>? embedding = null)
        => Config.Model(family, Block, head with { Norm = Norm(Config.Root + "norm") }, embedding);

    private BlockSpec Block(int layer)
    {
        NormSpec? NormAt(string? name) => name is null ? null : Norm(Config.At(layer, name));
        return new BlockSpec(Attention(layer), Mixture?.Invoke(Config.At(layer, string.Empty)) ?? FeedForward(Config.At(layer, "mlp.")))
        {
            AttentionNorm = NormAt(AttentionNorm),
            AttentionOutputNorm = NormAt(AttentionOutputNorm),
            FeedForwardNorm = NormAt(FeedForwardNorm),
            FeedForwardOutputNorm = NormAt(FeedForwardOutputNorm),
            IsParallel = IsParallel,
        };
    }

    private AttentionSpec Attention(int layer)
    {
        string name = Config.At(layer, "self_attn");
        int width = Config.Width;
        (LinearSpec query, LinearSpec key, LinearSpec value) = IsFused
            ? Config.Fused(DecoderConfig.Linear(name + ".qkv_proj", Config.QueryWidth + (2 * Config.KeyWidth), width))
            : (DecoderConfig.Linear(name + ".q_proj", Config.QueryWidth, width, QueryKeyValueBias),
                DecoderConfig.Linear(name + ".k_proj", Config.KeyWidth, width, QueryKeyValueBias),
                DecoderConfig.Linear(name + ".v_proj", Config.KeyWidth, width, QueryKeyValueBias));
        AttentionSpec attention = Config.Attention(query, key, value, DecoderConfig.Linear(name + ".o_proj", width, Config.QueryWidth, AttentionOutputBias));
        return attention with
        {
            QueryNorm = QueryKeyNorm?.Invoke(name, true),
            KeyNorm = QueryKeyNorm?.Invoke(name, false),
            Clip = Clip,
            Scoring = Scoring?.Invoke(layer) ?? attention.Scoring,
            Rotary = Rotary(layer),
        };
    }

    private FeedForwardSpec FeedForward(string name)
    {
        int width = Config.Width;
        int memories = Config.Memories;
        LinearSpec output = DecoderConfig.Linear(name + "down_proj", width, memories, FeedForwardBias);
        if (IsFused)
        {
            LinearSpec both = DecoderConfig.Linear(name + "gate_up_proj", PositiveValues.Product(Config.Config.File, "intermediate_size", memories, "two maps", 2), width);
            return new FeedForwardSpec(DecoderConfig.Rows(both, memories, memories), output, DecoderConfig.Rows(both, 0, memories), Activation);
        }

        return new FeedForwardSpec(
            DecoderConfig.Linear(name + "up_proj", memories, width, FeedForwardBias),
            output,
            DecoderConfig.Linear(name + "gate_proj", memories, width, FeedForwardBias),
            Activation);
    }
}
