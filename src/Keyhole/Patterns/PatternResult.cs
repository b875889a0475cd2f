using System.Collections.Immutable;

namespace Keyhole.Patterns;

/// <summary>The patterns of a study.</summary>
public sealed record PatternResult
{
    /// <summary>The lists of all memories and poles that have a trigger, in the study's order.</summary>
    public required ImmutableArray<MemoryPatterns> Lists { get; init; }

    /// <summary>Measures by layer and source: the memories first, then decoys, then studies of nulls.</summary>
    public required ImmutableArray<LayerPatterns> Layers { get; init; }

    /// <summary>Every option that decides the result, by name.</summary>
    public required ImmutableSortedDictionary<string, string> Options { get; init; }
}
