namespace Keyhole.Engine.Models;

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
    /// <summary>Added to the stored gain: 1 for Gemma's folders, which store gain - 1.</summary>
    public float GainOffset { get; init; }

    internal IEnumerable<(string, long[])> Tensors(int width)
        => new[] { Weight, Bias }.OfType<string>().Select(name => (name, new long[] { width }));
}

/// <summary>A norm of queries or keys over groups of a row: each head by itself, or all of them together (one group).</summary>
/// <param name="Kind">Formula.</param>
/// <param name="GroupSize">Numbers that are normed together: a head's, or the whole row's.</param>
/// <param name="Epsilon">Added under the root.</param>
public sealed record GroupNormSpec(NormKind Kind, int GroupSize, float Epsilon)
{
    /// <summary>Tensor of the gain: shape [group size], shared by all groups; or, with <see cref="Groups"/>, [groups, group size].</summary>
    public string? Weight { get; init; }

    /// <summary>Tensor of the bias, [group size], or null for none.</summary>
    public string? Bias { get; init; }

    /// <summary>Tensors of the gain where each group has one of its own (StableLM), [group size] each; otherwise empty.</summary>
    public System.Collections.Immutable.ImmutableArray<string> GroupWeights { get; init; } = [];

    /// <summary>Rows of <see cref="Weight"/> where it has one for each group; 0 where all share one.</summary>
    public int Groups { get; init; }

    /// <summary>Added to the stored gain.</summary>
    public float GainOffset { get; init; }

    internal IEnumerable<(string, long[])> Tensors()
    {
        if (Weight is not null)
        {
            yield return (Weight, Groups > 0 ? [Groups, GroupSize] : [GroupSize]);
        }

        if (Bias is not null)
        {
            yield return (Bias, [GroupSize]);
        }

        foreach (string weight in GroupWeights)
        {
            yield return (weight, [GroupSize]);
        }
    }
}
