namespace Keyhole.Search;

/// <summary>What to look for in a study. At least one of query, pattern and target is given.</summary>
public sealed record SearchOptions
{
    /// <summary>A token for values; a word, or several in this order, for triggers and labels.</summary>
    public string? Query { get; init; }

    /// <summary>A regular expression that the prefix of a trigger must match.</summary>
    public string? Regex { get; init; }

    /// <summary>The token after the prefix, without the white space around it.</summary>
    public string? Target { get; init; }

    /// <summary>Where to look. A pattern or target speaks of triggers: with one, values and labels are left out.</summary>
    public SearchPlaces In { get; init; } = SearchPlaces.All;

    /// <summary>Tokens, patterns and targets match in capitals and small letters; words always do.</summary>
    public bool IgnoreCase { get; init; }

    /// <summary>Layers to look in; null for all.</summary>
    public IReadOnlyCollection<int>? Layers { get; init; }

    /// <summary>Most results of each list.</summary>
    public int Limit { get; init; } = 20;
}
