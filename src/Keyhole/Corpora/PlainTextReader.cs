namespace Keyhole.Corpora;

/// <summary>Lines or sentences of a plain text file.</summary>
internal sealed class PlainTextReader(CorpusInput input, UnitCutter cutter) : FileReader
{
    private readonly LineReader _lines = new(input);

    public override bool Read(List<TextUnit> units)
    {
        if (!_lines.Read()) return false;
        cutter.AddLine(SourceLine.FromPlain(_lines.Line.Span, _lines.Offset), units);
        return true;
    }
}
