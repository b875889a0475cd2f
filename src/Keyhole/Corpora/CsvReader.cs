using System.Globalization;
using System.Text;

namespace Keyhole.Corpora;

/// <summary>A CSV or TSV file: its header names the columns, one of which holds the texts.</summary>
internal sealed class CsvReader(CorpusInput input, RecordCutter cutter, byte delimiter, string field, CorpusTally tally) : FileReader
{
    private readonly CsvRows _rows = new(input, delimiter);
    private int _column = -1;
    private int _columns;

    public override bool Read(List<TextUnit> units)
    {
        if (!_rows.Read()) return false;
        if (_column < 0)
        {
            ReadHeader();
            return true;
        }

        if (_rows.Fields.Count == 1 && _rows.Fields[0].Length == 0)
        {
            tally.BlankLines++;
            return true;
        }

        if (_rows.Fields.Count != _columns)
        {
            throw CorpusRefusal.BadRecord(input.Name, _rows.Line, string.Create(CultureInfo.InvariantCulture,
                $"the row has {_rows.Fields.Count} fields and the header {_columns}; a text with delimiters, quotes or line ends has to stand in double quotes."));
        }

        CsvField text = _rows.Fields[_column];
        cutter.Add(new RecordText(Decode(text), _rows.Offset + text.Start, _rows.Bytes.Slice(text.Start, text.Length), text.Escapes), units);
        return true;
    }

    private void ReadHeader()
    {
        string[] names = [.. _rows.Fields.Select(f => Decode(f).Trim())];
        _columns = names.Length;
        _column = Array.IndexOf(names, field);
        if (_column < 0 && _columns == 1) _column = 0;
        if (_column < 0) throw CorpusRefusal.NoTextField(input.Name, _rows.Line, field, string.Join(", ", names.Take(20).Select(n => $"'{(n.Length > 40 ? n[..40] + "..." : n)}'")));
    }

    private string Decode(CsvField f)
    {
        string text = Encoding.UTF8.GetString(_rows.Bytes.Span.Slice(f.Start, f.Length));
        return f.Escapes == RawEscapes.CsvQuotes ? text.Replace("\"\"", "\"", StringComparison.Ordinal) : text;
    }
}
