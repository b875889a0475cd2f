namespace Keyhole.Features;

/// <summary>What to measure of a study's memories as features, and how.</summary>
public sealed record FeatureOptions
{
    /// <summary>Most positions that are measured: the layers' inputs at all of them are held, two rows of D floats each.</summary>
    public const int MostPositions = 200_000;

    /// <summary>The study.</summary>
    public required string Study { get; init; }

    /// <summary>Where its model is now; null where it was.</summary>
    public string? Model { get; init; }

    /// <summary>Positions to measure: texts are drawn until they have as many. A smaller corpus is taken whole.</summary>
    public int Positions { get; init; } = 20_000;

    /// <summary>Layers, ascending; null for all.</summary>
    public IReadOnlyList<int>? Layers { get; init; }

    /// <summary>How many memories of a position are kept, ascending.</summary>
    public IReadOnlyList<int> TopK { get; init; } = [1, 5, 10, 50, 100];

    /// <summary>Whether the explained variance is given by SAEBench's formula too.</summary>
    public bool SaeBench { get; init; }

    /// <summary>Seed of every random choice.</summary>
    public ulong Seed { get; init; }

    /// <summary>Worker threads. Change no result.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
