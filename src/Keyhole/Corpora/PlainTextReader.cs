using System.Text;

namespace Keyhole.Corpora;

/// <summary>Lines or sentences of a plain text file.</summary>
internal sealed class PlainTextReader : FileReader
{
    private readonly LineReader _lines;
    private readonly UnitCutter _cutter;

    public PlainTextReader(CorpusInput input, UnitCutter cutter)
    {
        _lines = new LineReader(input);
        _cutter = cutter;
        while (input.Window.Length < HardWrap.HeadLength && input.Fill("line"))
        {
        }

        _cutter.BeginText(Encoding.UTF8.GetString(input.Window[..Math.Min(HardWrap.HeadLength, input.Window.Length)]));
    }

    public override bool Read(List<TextUnit> units)
    {
        if (!_lines.Read())
        {
            _cutter.EndText(units);
            return false;
        }

        _cutter.AddLine(SourceLine.FromPlain(_lines.Line.Span, _lines.Offset), units);
        return true;
    }
}
