using System.Collections.Immutable;

namespace Keyhole.Studies.Merging;

/// <summary>What was merged.</summary>
public sealed record MergeResult
{
    /// <summary>Shards that the corpus was dealt out to.</summary>
    public required int ShardCount { get; init; }

    /// <summary>Those that the study has, ascending, from 0.</summary>
    public required ImmutableArray<int> Parts { get; init; }

    /// <summary>The layers that the study has, ascending.</summary>
    public required ImmutableArray<int> Layers { get; init; }

    /// <summary>What is missing of the corpus, as words such as <c>shards 3, 5 of 8 are missing</c>; null where nothing is.</summary>
    public required string? Missing { get; init; }

    /// <summary>Studies among those merged that were analysed; their analyses are not part of the merged study.</summary>
    public required ImmutableArray<string> Analysed { get; init; }

    /// <summary>Studies among those merged that have annotations or labels, which are not part of the merged study.</summary>
    public ImmutableArray<string> Annotated { get; init; } = [];

    /// <summary>The studies of nulls that were merged too, beside the study.</summary>
    public ImmutableArray<string> Nulls { get; init; } = [];

    /// <summary>Names of nulls that were mined with the shards and lie beside none of them, so that they were not merged.</summary>
    public ImmutableArray<string> MissingNulls { get; init; } = [];

    /// <summary>Text units.</summary>
    public required long Units { get; init; }

    /// <summary>Tokens of all units.</summary>
    public required long Tokens { get; init; }

    /// <summary>Memories.</summary>
    public required long Memories { get; init; }

    /// <summary>Triggers of all memories and poles.</summary>
    public required long Triggers { get; init; }
}
