using Keyhole.Memories;

namespace Keyhole.Claiming;

/// <summary>A claim: a memory is active iff a predicate P holds; or without a memory the question which memory that is.</summary>
public sealed record MemoryClaim
{
    /// <summary>Its name, unlike those of the others.</summary>
    public required string Name { get; init; }

    /// <summary>The memory; null where the best one is searched.</summary>
    public NeuronId? Memory { get; init; }

    /// <summary>The memory's pole.</summary>
    public Pole Pole { get; init; }

    /// <summary>P.</summary>
    public required ClaimPredicate Predicate { get; init; }

    /// <summary>When the memory counts as active.</summary>
    public ClaimThreshold Threshold { get; init; } = ClaimThreshold.Default;

    /// <summary>What precision and recall must exceed.</summary>
    public ClaimLevels Levels { get; init; } = ClaimLevels.Default;
}
