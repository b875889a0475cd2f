using System.Collections.Immutable;

namespace Keyhole.Claiming;

/// <summary>All claims of a file, tested.</summary>
public sealed record ClaimRun
{
    /// <summary>What decided the results: options by name, as the study keeps them.</summary>
    public required ImmutableSortedDictionary<string, string> Options { get; init; }

    /// <summary>The claims, in the file's order.</summary>
    public required ImmutableArray<ClaimResult> Claims { get; init; }
}
