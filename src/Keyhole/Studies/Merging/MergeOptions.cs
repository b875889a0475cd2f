namespace Keyhole.Studies.Merging;

/// <summary>What to merge, and where to.</summary>
public sealed record MergeOptions
{
    /// <summary>The studies to merge, in any order.</summary>
    public required IReadOnlyList<string> Shards { get; init; }

    /// <summary>Path of the study to write.</summary>
    public required string Output { get; init; }

    /// <summary>Whether an existing study at <see cref="Output"/> is replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Whether a part of the corpus may be missing; the study then says which parts it has.</summary>
    public bool Partial { get; init; }

    /// <summary>Worker threads.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
