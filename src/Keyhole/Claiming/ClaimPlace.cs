namespace Keyhole.Claiming;

/// <summary>What of a position a claim's predicate is asked of.</summary>
public enum ClaimPlace
{
    /// <summary>The last token of the prefix, at which the memory fires.</summary>
    Last,

    /// <summary>The whole prefix.</summary>
    Prefix,

    /// <summary>The token after the prefix.</summary>
    Target,
}
