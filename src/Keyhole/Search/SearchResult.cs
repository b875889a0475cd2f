namespace Keyhole.Search;

/// <summary>What a search found: of each list the first, and how many there are.</summary>
public sealed record SearchResult
{
    /// <summary>Whether values were looked at.</summary>
    public required bool SearchedValues { get; init; }

    /// <summary>Whether triggers were looked at.</summary>
    public required bool SearchedTriggers { get; init; }

    /// <summary>Memories that promote the token, by rank, then probability.</summary>
    public IReadOnlyList<ValueMatch> Promoting { get; init; } = [];

    /// <summary>All memories that promote it.</summary>
    public int PromotingCount { get; init; }

    /// <summary>Memories that demote the token, by rank, then probability, least first.</summary>
    public IReadOnlyList<ValueMatch> Demoting { get; init; } = [];

    /// <summary>All memories that demote it.</summary>
    public int DemotingCount { get; init; }

    /// <summary>Memories whose triggers match, those with most matches first, then by best rank.</summary>
    public IReadOnlyList<TriggerMatch> Triggers { get; init; } = [];

    /// <summary>All memories and poles whose triggers match.</summary>
    public int TriggersCount { get; init; }

    /// <summary>Whether labels were looked at.</summary>
    public bool SearchedLabels { get; init; }

    /// <summary>Labels that hold the words, in order of memories.</summary>
    public IReadOnlyList<LabelMatch> Labels { get; init; } = [];

    /// <summary>All labels that hold them.</summary>
    public int LabelsCount { get; init; }
}
