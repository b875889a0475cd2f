using System.Collections.Immutable;
using Keyhole.Memories;
using Keyhole.Values;

namespace Keyhole.Debugging;

/// <summary>One of the memories that add most at the position.</summary>
public sealed record DominantMemory
{
    /// <summary>Its name.</summary>
    public required NeuronId Id { get; init; }

    /// <summary>m.</summary>
    public required float Coefficient { get; init; }

    /// <summary>What multiplies its contribution beside m: the router's weight, 1 where there is no router.</summary>
    public required float RouterWeight { get; init; }

    /// <summary>|m| |v|, times the router's weight.</summary>
    public required double Strength { get; init; }

    /// <summary>Its part of the sum of the strengths of all memories of the layer.</summary>
    public required double Share { get; init; }

    /// <summary>What it promotes here: the top tokens of its value, the bottom ones where m &lt; 0, best first; logits are those of v itself.</summary>
    public ImmutableArray<TokenLogit> Tokens { get; init; } = [];
}
