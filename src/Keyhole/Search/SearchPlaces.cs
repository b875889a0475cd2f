namespace Keyhole.Search;

/// <summary>Where a query is looked for.</summary>
[Flags]
public enum SearchPlaces
{
    /// <summary>Tokens that values promote or demote.</summary>
    Values = 1,

    /// <summary>Prefixes and targets of triggers.</summary>
    Triggers = 2,

    /// <summary>Values and triggers.</summary>
    Both = Values | Triggers,

    /// <summary>Labels that people gave.</summary>
    Labels = 4,

    /// <summary>Values, triggers and, where the study has any, labels.</summary>
    All = Both | Labels,
}
