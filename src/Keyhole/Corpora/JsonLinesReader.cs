namespace Keyhole.Corpora;

/// <summary>A file with one JSON record a line.</summary>
internal sealed class JsonLinesReader(CorpusInput input, RecordCutter cutter, string field, CorpusTally tally) : FileReader
{
    private readonly LineReader _lines = new(input);
    private readonly JsonRecord _record = new(input.Name, field);

    public override bool Read(List<TextUnit> units)
    {
        if (!_lines.Read()) return false;
        if (_lines.Line.Span.IndexOfAnyExcept(" \t"u8) < 0) tally.BlankLines++;
        else cutter.Add(_record.Read(_lines.Line, _lines.Offset, _lines.Number), units);
        return true;
    }
}
