using System.Collections.Immutable;

namespace Keyhole.Claiming;

/// <summary>A claim with what came of it.</summary>
public sealed record ClaimResult
{
    /// <summary>The claim's name.</summary>
    public required string Name { get; init; }

    /// <summary>P in words.</summary>
    public required string Predicate { get; init; }

    /// <summary>What of a position P is asked of.</summary>
    public required ClaimPlace On { get; init; }

    /// <summary>The rule by which the memory is active.</summary>
    public required string Threshold { get; init; }

    /// <summary>What precision and recall had to exceed.</summary>
    public required ClaimLevels Levels { get; init; }

    /// <summary>Whether memories were searched: then they were chosen on one half of the texts and tested on the other.</summary>
    public required bool Searched { get; init; }

    /// <summary>The test; of a search those of the best memories, in the order in which they were chosen.</summary>
    public required ImmutableArray<ClaimTest> Tests { get; init; }
}
