namespace Keyhole.Patterns;

/// <summary>What prefixes may share (docs/patterns.md defines each).</summary>
public enum PatternClass
{
    /// <summary>The prefix's last token.</summary>
    LastToken,

    /// <summary>Its last two tokens.</summary>
    LastBigram,

    /// <summary>A token at a fixed distance, 1 to 8, from its end.</summary>
    TokenAtDistance,

    /// <summary>2 to 4 words that follow each other, anywhere in it.</summary>
    NGram,

    /// <summary>A content word anywhere in it.</summary>
    Word,

    /// <summary>A function word anywhere in it.</summary>
    FunctionWord,

    /// <summary>How its last word begins or ends.</summary>
    LastAffix,

    /// <summary>Of what form its last word or mark is: capitals, digits, punctuation, function word.</summary>
    LastForm,

    /// <summary>A word or mark of such an affix or form anywhere in it.</summary>
    FormAnywhere,

    /// <summary>Its length, or how many tokens of the unit are left.</summary>
    Position,

    /// <summary>Of what kind its unit is: a headline, a quotation, a question.</summary>
    UnitKind,

    /// <summary>Content words that are over-represented in the list, of which each prefix has one or more.</summary>
    Lexicon,
}
