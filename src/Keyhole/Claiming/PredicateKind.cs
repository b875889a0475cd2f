namespace Keyhole.Claiming;

/// <summary>Kinds of predicates.</summary>
public enum PredicateKind
{
    /// <summary>One of some tokens.</summary>
    Tokens,

    /// <summary>A regular expression.</summary>
    Regex,

    /// <summary>Tokens that follow each other.</summary>
    Ngram,

    /// <summary>One of some words.</summary>
    Words,

    /// <summary>A label that a file gives units or positions.</summary>
    Label,

    /// <summary>The target is among the top tokens of the memory's own value.</summary>
    ValueTop,
}
