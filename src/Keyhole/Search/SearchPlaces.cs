namespace Keyhole.Search;

/// <summary>Where a query is looked for.</summary>
[Flags]
public enum SearchPlaces
{
    /// <summary>Tokens that values promote or demote.</summary>
    Values = 1,

    /// <summary>Prefixes and targets of triggers.</summary>
    Triggers = 2,

    /// <summary>Both.</summary>
    Both = Values | Triggers,
}
