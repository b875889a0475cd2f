namespace Keyhole.Corpora;

/// <summary>Cuts the texts of records into units: each text stands alone.</summary>
internal sealed class RecordCutter(int file, UnitKind kind, CorpusTally tally)
{
    private readonly UnitCutter _cutter = new(file, kind, tally);

    /// <summary>Appends the units of one record.</summary>
    public void Add(in RecordText record, List<TextUnit> units)
    {
        tally.Records++;
        if (kind != UnitKind.Document) AddLines(record, units);
        else if (string.IsNullOrWhiteSpace(record.Text)) tally.BlankLines++;
        else units.Add(new TextUnit(file, record.Offset, record.Raw.Length, record.Text));
    }

    private void AddLines(in RecordText record, List<TextUnit> units)
    {
        string text = record.Text;
        _cutter.BeginText(text.AsSpan(0, Math.Min(HardWrap.HeadLength, text.Length)));
        OffsetCursor cursor = new(new SourceLine(text, record.Offset, 0, record.Raw, record.Escapes));
        int start = 0;
        do
        {
            int length = text.AsSpan(start).IndexOfAny('\n', '\r');
            int end = length < 0 ? text.Length : start + length;
            ReadOnlySpan<char> line = text.AsSpan(start, end - start);
            string trimmed = line.Trim().ToString();
            int indent = line.Length - line.TrimStart().Length;
            long offset = cursor.OffsetAt(start + indent);
            _cutter.AddLine(new SourceLine(trimmed, offset, indent, record.Raw[(int)(offset - record.Offset)..], record.Escapes), units);
            bool pair = end + 1 < text.Length && text[end] == '\r' && text[end + 1] == '\n';
            start = end + (pair ? 2 : 1);
        }
        while (start < text.Length);

        _cutter.EndText(units);
    }
}
