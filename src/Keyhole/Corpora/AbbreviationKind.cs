namespace Keyhole.Corpora;

/// <summary>What a full stop after an abbreviation says.</summary>
internal enum AbbreviationKind
{
    /// <summary>A name follows: never the end of a sentence.</summary>
    Title,

    /// <summary>The sentence goes on: never its end.</summary>
    Inner,

    /// <summary>No end before a number; otherwise the word is an ordinary one.</summary>
    BeforeNumber,

    /// <summary>The end only where the next word is one that begins sentences.</summary>
    Either,
}
