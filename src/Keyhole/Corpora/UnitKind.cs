namespace Keyhole.Corpora;

/// <summary>What one unit of a corpus is: the stretch of text that is scored alone.</summary>
public enum UnitKind
{
    /// <summary>A sentence (the default): <see cref="SentenceSplitter"/> inside each line or hard-wrapped paragraph; WikiText headings are dropped.</summary>
    Sentence,

    /// <summary>A line that is not blank, without the white space around it.</summary>
    Line,

    /// <summary>A whole text file, one JSON record, or one CSV row, as it stands.</summary>
    Document,
}
