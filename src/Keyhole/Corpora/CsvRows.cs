namespace Keyhole.Corpora;

/// <summary>The rows of a CSV or TSV file (RFC 4180): fields in double quotes may hold delimiters, line ends and doubled quotes.</summary>
internal sealed class CsvRows
{
    private const int MostFields = 65_536;
    private readonly CorpusInput _input;
    private readonly byte _delimiter;
    private readonly List<CsvField> _fields = [];
    private int _length;

    public CsvRows(CorpusInput input, byte delimiter)
    {
        _input = input;
        _delimiter = delimiter;
    }

    /// <summary>The row's fields.</summary>
    public IReadOnlyList<CsvField> Fields => _fields;

    /// <summary>The row's bytes with the line end; hold until the next <see cref="Read"/>.</summary>
    public ReadOnlyMemory<byte> Bytes => _input.WindowMemory[.._length];

    /// <summary>Position of the row's first byte in the decompressed file.</summary>
    public long Offset => _input.Offset;

    /// <summary>The line on which the row begins, from 1.</summary>
    public long Line { get; private set; } = 1;

    /// <summary>Goes to the next row.</summary>
    /// <returns>False at the end of the file.</returns>
    public bool Read()
    {
        Line += LineEnds(_input.Window[.._length]);
        _input.Consume(_length);
        _fields.Clear();
        _length = 0;
        if (!Has(0)) return false;
        int at = 0;
        do
        {
            if (_fields.Count == MostFields) throw CorpusRefusal.BadRecord(_input.Name, Line, $"the row that begins here has more than {MostFields} fields.");
            at = Has(at) && _input.Window[at] == '"' ? ReadQuoted(at) : ReadBare(at);
        }
        while (Has(at) && _input.Window[at] == _delimiter && ++at > 0);

        if (Has(at)) at += _input.Window[at] == '\r' && Has(at + 1) && _input.Window[at + 1] == '\n' ? 2 : 1;
        _length = at;
        TextCheck.Require(_input.Name, _input.Window[..at], _input.Offset);
        return true;
    }

    private int ReadBare(int start)
    {
        int end = Find(start, [_delimiter, (byte)'\n', (byte)'\r']);
        if (end < 0) end = _input.Window.Length;
        _fields.Add(new CsvField(start, end - start, RawEscapes.None));
        return end;
    }

    private int ReadQuoted(int quote)
    {
        RawEscapes escapes = RawEscapes.None;
        int at = quote + 1;
        while (true)
        {
            at = Find(at, "\""u8);
            if (at < 0) throw CorpusRefusal.BadRecord(_input.Name, Line, "a field of the row that begins here opens a double quote that is never closed.");
            if (!Has(at + 1) || _input.Window[at + 1] != '"') break;
            escapes = RawEscapes.CsvQuotes;
            at += 2;
        }

        int end = at + 1;
        if (Has(end) && _input.Window[end] != _delimiter && _input.Window[end] is not ((byte)'\n' or (byte)'\r'))
        {
            // Tab-separated files often know no quotes: the field is then as it stands.
            if (_delimiter == '\t' && _input.Window[quote..at].IndexOfAny((byte)'\n', (byte)'\r', _delimiter) < 0) return ReadBare(quote);
            throw CorpusRefusal.BadRecord(_input.Name, Line, "a field of the row that begins here goes on after its closing double quote; quotes inside a quoted field are doubled.");
        }

        _fields.Add(new CsvField(quote + 1, at - quote - 1, escapes));
        return end;
    }

    private int Find(int from, ReadOnlySpan<byte> any)
    {
        while (true)
        {
            int found = _input.Window[from..].IndexOfAny(any);
            if (found >= 0) return from + found;
            from = _input.Window.Length;
            if (!_input.Fill("row")) return -1;
        }
    }

    private bool Has(int at)
    {
        while (at >= _input.Window.Length)
        {
            if (!_input.Fill("row")) return false;
        }

        return true;
    }

    private static int LineEnds(ReadOnlySpan<byte> bytes)
    {
        int count = bytes.Count((byte)'\n');
        for (int at = bytes.IndexOf((byte)'\r'); at >= 0 && at < bytes.Length; at++)
        {
            if (bytes[at] == '\r' && (at + 1 == bytes.Length || bytes[at + 1] != '\n')) count++;
        }

        return count;
    }
}
