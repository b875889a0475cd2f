using System.Collections.Immutable;
using Keyhole.Memories;

namespace Keyhole.Patterns;

/// <summary>The patterns of one pole of a memory.</summary>
public sealed record MemoryPatterns
{
    /// <summary>The memory.</summary>
    public required NeuronId Id { get; init; }

    /// <summary>The pole.</summary>
    public required Pole Pole { get; init; }

    /// <summary>Triggers that were looked at: at most 64.</summary>
    public required int Prefixes { get; init; }

    /// <summary>Those that are no copies of others.</summary>
    public required int Evidence { get; init; }

    /// <summary>The smallest p-value of all that its triggers share; NaN where there are fewer than three that are no copies.</summary>
    public required double P { get; init; }

    /// <summary>The false-discovery rate at which the list has a pattern; NaN as <see cref="P"/>.</summary>
    public required double Q { get; init; }

    /// <summary>What was found, the clearest first; the same prefixes are not described twice in one kind.</summary>
    public required ImmutableArray<Pattern> Patterns { get; init; }
}
