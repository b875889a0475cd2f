using System.Collections.Immutable;

namespace Keyhole.Patterns;

/// <summary>How patterns are found.</summary>
public sealed record PatternOptions
{
    /// <summary>The fewest decoys of a kind and layer: with fewer no p-value is small enough.</summary>
    public const int LeastDecoys = 100;

    /// <summary>The most decoys of a kind and layer.</summary>
    public const int MostDecoys = 100_000;

    /// <summary>Layers, from 0; null for all that were mined.</summary>
    public ImmutableArray<int>? Layers { get; init; }

    /// <summary>Decoy lists of each kind that a layer's lists are held against.</summary>
    public int Decoys { get; init; } = 2000;

    /// <summary>Of the lists in which a pattern is found at most this share is expected to have none.</summary>
    public double Rate { get; init; } = 0.05;

    /// <summary>Which decoys and resamples.</summary>
    public ulong Seed { get; init; }

    /// <summary>Threads.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
