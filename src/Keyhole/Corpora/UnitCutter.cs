namespace Keyhole.Corpora;

/// <summary>Cuts the lines of a text into units.</summary>
internal sealed class UnitCutter(int file, UnitKind kind, CorpusTally tally)
{
    private readonly List<SentenceRange> _ranges = [];

    /// <summary>Takes the text's next line.</summary>
    public void AddLine(in SourceLine line, List<TextUnit> units)
    {
        if (line.Text.Length == 0) tally.BlankLines++;
        else if (kind == UnitKind.Line) AddWhole(line, units);
        else AddSentences(line, units);
    }

    private void AddWhole(in SourceLine line, List<TextUnit> units)
    {
        OffsetCursor cursor = new(line);
        units.Add(new TextUnit(file, line.Offset, (int)(cursor.OffsetAt(line.Text.Length) - line.Offset), line.Text));
    }

    private void AddSentences(in SourceLine line, List<TextUnit> units)
    {
        _ranges.Clear();
        SentenceSplitter.Split(line.Text, _ranges);
        OffsetCursor cursor = new(line);
        foreach (SentenceRange range in _ranges)
        {
            long start = cursor.OffsetAt(range.Start);
            long end = cursor.OffsetAt(range.End);
            units.Add(new TextUnit(file, start, (int)(end - start), line.Text.Substring(range.Start, range.Length)));
        }
    }
}
