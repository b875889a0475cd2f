namespace Keyhole.Corpora;

/// <summary>What the current reading of a corpus has met so far.</summary>
/// <param name="Units">Units given out.</param>
/// <param name="Records">JSON records or CSV rows read; 0 in plain text.</param>
/// <param name="BlankLines">Blank lines (unit <see cref="UnitKind.Document"/>: blank documents) skipped.</param>
/// <param name="Headings">WikiText headings dropped.</param>
/// <param name="WrappedParagraphs">Paragraphs whose hard-wrapped lines were joined.</param>
/// <param name="Characters">UTF-16 code units of the units given out.</param>
/// <param name="TextBytes">Bytes of the files that hold the units given out.</param>
public readonly record struct CorpusCounts(
    long Units, long Records, long BlankLines, long Headings, long WrappedParagraphs, long Characters, long TextBytes);
