using System.Collections.Immutable;

namespace Keyhole.Claiming;

/// <summary>Positions that show what a test counted, of each text one at most.</summary>
public sealed record ClaimExamples
{
    /// <summary>Nothing.</summary>
    public static ClaimExamples None { get; } = new();

    /// <summary>Active, and P holds: the largest coefficients.</summary>
    public ImmutableArray<ClaimExample> Hits { get; init; } = [];

    /// <summary>Active, though P does not hold: the largest coefficients.</summary>
    public ImmutableArray<ClaimExample> Extra { get; init; } = [];

    /// <summary>P holds, but the memory is not active: drawn at random.</summary>
    public ImmutableArray<ClaimExample> Missed { get; init; } = [];
}
