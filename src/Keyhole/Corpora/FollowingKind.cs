namespace Keyhole.Corpora;

/// <summary>Kinds of <see cref="FollowingWord"/>.</summary>
internal enum FollowingKind
{
    /// <summary>No word: the paragraph ends, perhaps after symbols.</summary>
    Nothing,

    /// <summary>A lower-case letter.</summary>
    Lower,

    /// <summary>An upper-case letter.</summary>
    Upper,

    /// <summary>A letter of a script without case.</summary>
    Uncased,

    /// <summary>A digit.</summary>
    Digit,

    /// <summary>A masked word such as <c>&lt;unk&gt;</c>.</summary>
    Unknown,

    /// <summary>A comma or another mark that goes on with the sentence.</summary>
    GoesOn,
}
