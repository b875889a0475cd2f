using System.Collections.Immutable;

namespace Keyhole.Studies;

/// <summary>Which part of a corpus a study was mined over, where it is not the whole (docs/clusters.md).</summary>
public sealed record StudyShard
{
    /// <summary>Shards that the corpus was dealt out to.</summary>
    public required int Count { get; init; }

    /// <summary>Those whose units this study has, ascending, from 0: one as it is mined, more where some were merged.</summary>
    public required ImmutableArray<int> Parts { get; init; }

    /// <summary>Units of all shards together.</summary>
    public required long CorpusUnits { get; init; }

    /// <summary>Tokens of all shards together.</summary>
    public required long CorpusTokens { get; init; }
}
