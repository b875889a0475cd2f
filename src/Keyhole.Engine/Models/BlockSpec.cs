namespace Keyhole.Engine.Models;

/// <summary>One transformer block: h goes in, r is the residual after attention, o comes out.</summary>
/// <param name="Attention">Attention.</param>
/// <param name="FeedForward">The memory layer.</param>
/// <remarks>
/// In turn: r = S1(h + P1(attention(N1(h)))), o = S2(r + P2(ffn(N2(r)))), where N is the input norm of a part, P the norm of its output and S the norm of the sum;
/// each is left out where it is null. Most models have N alone, OPT-350m has S, OLMo 2 has P, Gemma 2 and 3 have N and P.
/// In parallel (<see cref="IsParallel"/>) the feed-forward layer reads N2(h) instead of N2(r).
/// </remarks>
public sealed record BlockSpec(AttentionSpec Attention, FeedForwardSpec FeedForward)
{
    /// <summary>N1, or null.</summary>
    public NormSpec? AttentionNorm { get; init; }

    /// <summary>P1: norm of what attention adds, or null.</summary>
    public NormSpec? AttentionOutputNorm { get; init; }

    /// <summary>S1: norm of the residual after attention, or null.</summary>
    public NormSpec? AttentionSumNorm { get; init; }

    /// <summary>N2, or null.</summary>
    public NormSpec? FeedForwardNorm { get; init; }

    /// <summary>P2: norm of what the feed-forward layer adds, or null.</summary>
    public NormSpec? FeedForwardOutputNorm { get; init; }

    /// <summary>S2: norm of the residual after the feed-forward layer, or null.</summary>
    public NormSpec? FeedForwardSumNorm { get; init; }

    /// <summary>Whether the feed-forward layer reads the residual before attention (GPT-NeoX, GPT-J, Phi, Falcon); r is then h plus attention's output, which no part reads.</summary>
    public bool IsParallel { get; init; }

    /// <summary>Whether a part's output is added to its normed input instead of the residual: r = N1(h) + attention(N1(h)), o = N2(r) + ffn(N2(r)) (Bloom's <c>apply_residual_connection_post_layernorm</c>).</summary>
    public bool AddsToNormed { get; init; }

    /// <summary>The norms that it has, those of queries and keys apart.</summary>
    public IEnumerable<NormSpec> Norms
        => new[] { AttentionNorm, AttentionOutputNorm, AttentionSumNorm, FeedForwardNorm, FeedForwardOutputNorm, FeedForwardSumNorm }.OfType<NormSpec>();

    /// <summary>The linear maps that it has, a router's apart.</summary>
    public IEnumerable<LinearSpec> Maps
        => new[] { Attention.Query, Attention.Key, Attention.Value, Attention.Output }.Concat(FeedForward.Experts.SelectMany(expert => expert.Maps));

    internal IEnumerable<(string, long[])> Tensors(int width)
        => Norms.SelectMany(norm => norm.Tensors(width)).Concat(Attention.Tensors()).Concat(FeedForward.Tensors());
}
