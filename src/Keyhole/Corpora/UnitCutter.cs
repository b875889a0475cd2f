namespace Keyhole.Corpora;

/// <summary>Cuts the lines of a text into units.</summary>
internal sealed class UnitCutter(int file, UnitKind kind, CorpusTally tally)
{
    private readonly List<SentenceRange> _ranges = [];
    private readonly List<SourceLine> _block = [];
    private readonly List<LineShape> _shapes = [];
    private int _wrapWidth;
    private bool _unwrapped;

    /// <summary>Says that a text begins.</summary>
    /// <param name="head">Its first characters, up to <see cref="HardWrap.HeadLength"/>.</param>
    public void BeginText(ReadOnlySpan<char> head)
    {
        _wrapWidth = kind == UnitKind.Sentence ? HardWrap.FindWidth(head) : 0;
        _unwrapped = false;
    }

    /// <summary>Takes the text's next line.</summary>
    public void AddLine(in SourceLine line, List<TextUnit> units)
    {
        if (line.Text.Length == 0)
        {
            tally.BlankLines++;
            EndBlock(units);
        }
        else if (kind == UnitKind.Line)
        {
            OffsetCursor cursor = new(line);
            units.Add(new TextUnit(file, line.Offset, (int)(cursor.OffsetAt(line.Text.Length) - line.Offset), line.Text));
        }
        else if (WikiTextHeading.Is(line.Text))
        {
            tally.Headings++;
            EndBlock(units);
        }
        else
        {
            AddToBlock(line, units);
        }
    }

    /// <summary>Says that the text is at its end.</summary>
    public void EndText(List<TextUnit> units) => EndBlock(units);

    private void AddToBlock(in SourceLine line, List<TextUnit> units)
    {
        if (!_unwrapped && line.Text.Length > HardWrap.MaxWidth)
        {
            // One long line and the whole block is no wrapped prose.
            AddLines(units);
            _unwrapped = true;
        }

        if (_unwrapped)
        {
            AddSentences([line], units);
            return;
        }

        bool indented = _block.Count > 0 && line.Indent >= _block[^1].Indent + 2;
        if (indented || _block.Count == HardWrap.MaxBlockLines) Decide(units);
        _block.Add(line);
        _shapes.Add(LineShape.Of(line.Text));
    }

    private void EndBlock(List<TextUnit> units)
    {
        Decide(units);
        _unwrapped = false;
    }

    private void Decide(List<TextUnit> units)
    {
        int width = HardWrap.IsWrapped(_shapes, _wrapWidth);
        if (width == 0)
        {
            AddLines(units);
            return;
        }

        _wrapWidth = width;
        tally.WrappedParagraphs++;
        AddSentences(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_block), units);
        _block.Clear();
        _shapes.Clear();
    }

    private void AddLines(List<TextUnit> units)
    {
        foreach (SourceLine line in _block) AddSentences([line], units);
        _block.Clear();
        _shapes.Clear();
    }

    /// <summary>The sentences of one paragraph, given by its lines.</summary>
    private void AddSentences(ReadOnlySpan<SourceLine> lines, List<TextUnit> units)
    {
        JoinedLines paragraph = new(lines);
        _ranges.Clear();
        SentenceSplitter.Split(paragraph.Text, _ranges);
        foreach (SentenceRange range in _ranges)
        {
            long start = paragraph.OffsetOf(range.Start);
            long end = paragraph.EndOffsetOf(range.End);
            string text = range.Length == paragraph.Text.Length ? paragraph.Text : paragraph.Text.Substring(range.Start, range.Length);
            units.Add(new TextUnit(file, start, (int)(end - start), text));
        }
    }
}
