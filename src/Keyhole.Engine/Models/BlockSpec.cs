using System.Collections.Immutable;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models;

/// <summary>Where a block's norms stand.</summary>
public enum NormPlacement
{
    /// <summary>Each part reads the norm of the residual: r = h + attention(norm(h)), o = r + ffn(norm(r)).</summary>
    Before,

    /// <summary>The residual is normed after each addition: r = norm(h + attention(h)), o = norm(r + ffn(r)).</summary>
    After,
}

/// <summary>One transformer block.</summary>
/// <param name="Attention">Attention.</param>
/// <param name="FeedForward">The memory layer.</param>
public sealed record BlockSpec(AttentionSpec Attention, FeedForwardSpec FeedForward)
{
    /// <summary>Where the norms stand.</summary>
    public NormPlacement Placement { get; init; }

    /// <summary>Norm of attention.</summary>
    public required NormSpec AttentionNorm { get; init; }

    /// <summary>Norm of the feed-forward layer.</summary>
    public required NormSpec FeedForwardNorm { get; init; }

    internal IEnumerable<(string, long[])> Tensors(int width)
        => AttentionNorm.Tensors(width).Concat(Attention.Tensors()).Concat(FeedForwardNorm.Tensors(width)).Concat(FeedForward.Tensors());
}

/// <summary>Kinds of norm.</summary>
public enum NormKind
{
    /// <summary>(x - mean) / sqrt(variance + epsilon) * weight + bias.</summary>
    LayerNorm,

    /// <summary>x / sqrt(mean(x^2) + epsilon) * weight.</summary>
    RmsNorm,
}

/// <summary>A norm over the width of its input.</summary>
/// <param name="Kind">Formula.</param>
/// <param name="Weight">Tensor of the gain, or null for none.</param>
/// <param name="Bias">Tensor of the bias, or null for none.</param>
/// <param name="Epsilon">Added under the root.</param>
public sealed record NormSpec(NormKind Kind, string? Weight, string? Bias, float Epsilon)
{
    internal IEnumerable<(string, long[])> Tensors(int width)
        => new[] { Weight, Bias }.OfType<string>().Select(name => (name, new long[] { width }));
}

/// <summary>A linear map y = x W^T + b, W [outputs, inputs].</summary>
/// <param name="Weight">Tensor of W, shape [outputs, inputs].</param>
/// <param name="Bias">Tensor of b, shape [outputs], or null for none.</param>
/// <param name="Outputs">Outputs.</param>
/// <param name="Inputs">Inputs.</param>
public sealed record LinearSpec(string Weight, string? Bias, int Outputs, int Inputs)
{
    /// <summary>Where output row i of the map stands in the tensor; null where it stands in row i.</summary>
    /// <remarks>GGUF files of some families store the rows of query and key in another order.</remarks>
    public Func<int, int>? StoredRow { get; init; }

    internal IEnumerable<(string, long[])> Tensors()
    {
        yield return (Weight, [Outputs, Inputs]);
        if (Bias is not null)
        {
            yield return (Bias, [Outputs]);
        }
    }
}

/// <summary>Causal attention with grouped queries.</summary>
/// <param name="Query">Map to [H, head size].</param>
/// <param name="Key">Map to [key-value heads, head size].</param>
/// <param name="Value">Map to [key-value heads, head size].</param>
/// <param name="Output">Map from [H, head size] to D.</param>
public sealed record AttentionSpec(LinearSpec Query, LinearSpec Key, LinearSpec Value, LinearSpec Output)
{
    /// <summary>H.</summary>
    public required int Heads { get; init; }

    /// <summary>Heads of key and value; divides H.</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>Numbers a head.</summary>
    public required int HeadSize { get; init; }

    /// <summary>Scores are multiplied by it before the softmax.</summary>
    public required float Scale { get; init; }

    /// <summary>Rotary position embedding of query and key, or null.</summary>
    public RotarySettings? Rotary { get; init; }

    /// <summary>Tensor that the divisors of <see cref="Rotary"/> were read from (GGUF's <c>rope_freqs.weight</c>), shape [rotary size / 2], or null.</summary>
    public string? RotaryFactors { get; init; }

    internal IEnumerable<(string, long[])> Tensors()
        => new[] { Query, Key, Value, Output }.SelectMany(map => map.Tensors())
            .Concat(RotaryFactors is null ? [] : [(RotaryFactors, new long[] { Rotary!.RotaryDim / 2 })]);
}

/// <summary>A feed-forward layer as a memory layer: m = f(x K^T + b), or f(x G^T + b) * (x U^T + b) where gated; y = m V + b.</summary>
/// <param name="In">Keys: W [F, D]. Of a gated layer the linear part U.</param>
/// <param name="Out">Values: W [D, F]; value i is column i.</param>
/// <param name="Activation">f.</param>
public sealed record FeedForwardSpec(LinearSpec In, LinearSpec Out, ActivationKind Activation)
{
    /// <summary>Gate keys G [F, D], or null where the layer is not gated.</summary>
    public LinearSpec? Gate { get; init; }

    /// <summary>F, the number of memories.</summary>
    public int MemoryCount => In.Outputs;

    /// <summary>Whether coefficients are signed products of a gate and a linear part.</summary>
    public bool IsGated => Gate is not null;

    internal IEnumerable<(string, long[])> Tensors()
        => new[] { Gate, In, Out }.OfType<LinearSpec>().SelectMany(map => map.Tensors());
}
