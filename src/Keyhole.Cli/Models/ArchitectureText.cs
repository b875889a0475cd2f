using System.Globalization;
using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;

namespace Keyhole.Cli.Models;

/// <summary>Says in a few words how a model computes: what its description holds as data.</summary>
internal static class ArchitectureText
{
    /// <summary>Where a block's norms stand, and which kind they are: <c>RMSNorm before each part</c>.</summary>
    public static string Norms(BlockSpec block)
    {
        bool before = block.AttentionNorm is not null || block.FeedForwardNorm is not null;
        bool output = block.AttentionOutputNorm is not null || block.FeedForwardOutputNorm is not null;
        bool sum = block.AttentionSumNorm is not null || block.FeedForwardSumNorm is not null;
        string place = (before, output, sum) switch
        {
            (true, true, _) => "before each part and on its output",
            (true, _, _) => "before each part",
            (_, true, _) => "on each part's output",
            (_, _, true) => "after each addition",
            _ => string.Empty,
        };
        return block.Norms.FirstOrDefault() is { } norm ? $"{norm.Kind switch { NormKind.RmsNorm => "RMSNorm", _ => "LayerNorm" }} {place}" : "none";
    }

    /// <summary>Machine-readable form of <see cref="Norms"/>: before, output, before-and-output, after or none.</summary>
    public static string NormPlacement(BlockSpec block) => (block.AttentionNorm ?? block.FeedForwardNorm, block.AttentionOutputNorm ?? block.FeedForwardOutputNorm, block.AttentionSumNorm ?? block.FeedForwardSumNorm) switch
    {
        (not null, not null, _) => "before-and-output",
        (not null, _, _) => "before",
        (_, not null, _) => "output",
        (_, _, not null) => "after",
        _ => "none",
    };

    /// <summary>Whether attention and feed-forward layer work in turn or in parallel.</summary>
    public static string Residual(BlockSpec block) => block.IsParallel ? "attention and feed-forward layer in parallel"
        : block.AddsToNormed ? "in turn, each added to its normed input"
        : "attention, then the feed-forward layer";

    /// <summary>How positions come in.</summary>
    public static string Positions(ModelSpec spec)
    {
        AttentionSpec attention = spec.Blocks[0].Attention;
        if (attention.Rotary is { } rotary)
        {
            string[] kinds = [.. spec.Blocks.Select(block => block.Attention.Rotary).OfType<RotarySettings>().Select(Rotary).Distinct()];
            string part = rotary.RotaryDim == attention.HeadSize ? string.Empty : $", {rotary.RotaryDim} of {attention.HeadSize} numbers of a head";
            return $"rotary ({string.Join("; ", kinds)}{part})";
        }

        return attention.Scoring.Alibi is not null ? "ALiBi"
            : spec.Embedding.Positions is not null ? "learned"
            : spec.Embedding.SinusoidalPositions ? "sinusoidal"
            : "none";
    }

    /// <summary>What attention has beside heads: windows, norms, caps; empty for nothing.</summary>
    public static IEnumerable<string> AttentionParts(ModelSpec spec)
    {
        AttentionSpec attention = spec.Blocks[0].Attention;
        int[] sliding = [.. Enumerable.Range(0, spec.LayerCount).Where(layer => spec.Blocks[layer].Attention.Scoring.Window is not null)];
        if (sliding.Length > 0)
        {
            string windows = string.Join(" or ", sliding.Select(layer => spec.Blocks[layer].Attention.Scoring.Window!.Value).Distinct().Select(window => window.ToString("N0", CultureInfo.InvariantCulture)));
            yield return $"window of {windows} in {(sliding.Length == spec.LayerCount ? "every layer" : $"{sliding.Length} of {spec.LayerCount} layers")}";
        }

        if (attention.QueryNorm is { } norm)
        {
            yield return norm.GroupSize == attention.HeadSize ? "queries and keys normed by head" : "queries and keys normed";
        }

        if (attention.Clip is { } clip)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"clipped at {clip}");
        }

        if (attention.Scoring.SoftCap is { } cap)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"scores capped at {cap}");
        }
    }

    /// <summary>What the head has beside the output embedding.</summary>
    public static string Head(ModelSpec spec)
    {
        HeadSpec head = spec.Head;
        List<string> parts =
        [
            head.Norm is null ? "no final norm" : $"final {(head.Norm.Kind == NormKind.RmsNorm ? "RMSNorm" : "LayerNorm")}",
            head.Adaptive is { } adaptive ? $"adaptive softmax of {adaptive.Words.Outputs:N0} words and {adaptive.Tails.Length} tails" : "softmax",
        ];
        if (head.ProjectOut is { } map)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"projection to {map.Outputs}"));
        }

        if (head.Bias is not null)
        {
            parts.Add("bias");
        }

        if (head.SoftCap is { } cap)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"logits capped at {cap}"));
        }

        return string.Join(", ", parts);
    }

    private static string Rotary(RotarySettings rotary)
        => string.Create(CultureInfo.InvariantCulture, $"{rotary.Kind.ToString().ToLowerInvariant()}, base {rotary.Theta}{(rotary.Interleaved ? ", interleaved" : "")}");
}
