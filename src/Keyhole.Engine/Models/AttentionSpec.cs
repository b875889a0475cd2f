using System.Collections.Immutable;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models;

/// <summary>Causal attention with grouped queries.</summary>
/// <param name="Query">Map to [H, head size].</param>
/// <param name="Key">Map to [key-value heads, head size].</param>
/// <param name="Value">Map to [key-value heads, head size].</param>
/// <param name="Output">Map from [H, head size] to D.</param>
/// <remarks>Queries and keys are normed, then all three clipped, then queries and keys rotated.</remarks>
public sealed record AttentionSpec(LinearSpec Query, LinearSpec Key, LinearSpec Value, LinearSpec Output)
{
    /// <summary>H.</summary>
    public required int Heads { get; init; }

    /// <summary>Heads of key and value; divides H.</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>Numbers a head.</summary>
    public required int HeadSize { get; init; }

    /// <summary>How scores become weights.</summary>
    public required AttentionScoring Scoring { get; init; }

    /// <summary>Norm of the queries, or null.</summary>
    public GroupNormSpec? QueryNorm { get; init; }

    /// <summary>Norm of the keys, or null.</summary>
    public GroupNormSpec? KeyNorm { get; init; }

    /// <summary>Queries, keys and values are limited to [-clip, clip] (OLMo's <c>clip_qkv</c>); null for no limit.</summary>
    public float? Clip { get; init; }

    /// <summary>Rotary position embedding of query and key, or null.</summary>
    public RotarySettings? Rotary { get; init; }

    /// <summary>Tensors that the divisors of <see cref="Rotary"/> were read from (GGUF's <c>rope_freqs.weight</c>), shape [rotary size / 2] each.</summary>
    public ImmutableArray<string> RotaryFactors { get; init; } = [];

    internal IEnumerable<(string, long[])> Tensors()
        => new[] { Query, Key, Value, Output }.SelectMany(map => map.Tensors())
            .Concat(QueryNorm?.Tensors() ?? [])
            .Concat(KeyNorm?.Tensors() ?? [])
            .Concat(RotaryFactors.Select(name => (name, new long[] { Rotary!.RotaryDim / 2 })));
}
