namespace Keyhole.Corpora;

/// <summary>A file that is one JSON array of records, one held at a time.</summary>
internal sealed class JsonArrayReader : FileReader
{
    private readonly CorpusInput _input;
    private readonly RecordCutter _cutter;
    private readonly JsonRecord _record;
    private long _line = 1;
    private bool _begun;

    public JsonArrayReader(CorpusInput input, RecordCutter cutter, string field)
    {
        _input = input;
        _cutter = cutter;
        _record = new JsonRecord(input.Name, field);
    }

    public override bool Read(List<TextUnit> units)
    {
        int next = NextByte();
        if (!_begun)
        {
            _begun = true;
            Consume(1);   // the bracket by which the file was taken for an array
            if (NextByte() == ']') return End();
        }
        else if (next == ']')
        {
            return End();
        }
        else if (next == ',')
        {
            Consume(1);
        }
        else
        {
            throw Bad(next, "a comma or the end of the array");
        }

        int length = ValueLength();
        TextCheck.Require(_input.Name, _input.Window[..length], _input.Offset);
        _cutter.Add(_record.Read(_input.WindowMemory[..length], _input.Offset, _line), units);
        Consume(length);
        return true;
    }

    private bool End()
    {
        Consume(1);
        int next = NextByte();
        return next < 0 ? false : throw Bad(next, "the end of the file after the array");
    }

    private Engine.InputRefusedException Bad(int found, string expected)
        => CorpusRefusal.BadRecord(_input.Name, _line,
            $"{(found < 0 ? "the file ends" : found is > 32 and < 127 ? $"there is '{(char)found}'" : $"there is the byte 0x{found:X2}")} where {expected} is expected; this is not a JSON array of records.");

    /// <summary>Steps over white space; -1 at the end of the file.</summary>
    private int NextByte()
    {
        while (true)
        {
            ReadOnlySpan<byte> window = _input.Window;
            int at = window.IndexOfAnyExcept(" \t\r\n"u8);
            Consume(at < 0 ? window.Length : at);
            if (at >= 0) return _input.Window[0];
            if (!_input.Fill("record")) return -1;
        }
    }

    /// <summary>The length of the value that comes next: to its last bracket or quote, or to what may follow a number or word.</summary>
    private int ValueLength()
    {
        int first = NextByte();
        int depth = 0;
        bool inString = false;
        for (int at = 0; ; at++)
        {
            byte b = ByteAt(at);
            if (inString)
            {
                if (b == '\\') at++;
                inString = b != '"';
            }
            else if (depth == 0 && b is (byte)',' or (byte)']' or (byte)'}' or <= 32)
            {
                return at > 0 ? at : throw Bad(first, "a record");
            }
            else if (b is (byte)'{' or (byte)'[')
            {
                depth++;
                continue;
            }
            else if (b is (byte)'}' or (byte)']')
            {
                depth--;
            }
            else
            {
                inString = b == '"';
                continue;
            }

            if (!inString && depth == 0) return at + 1;
        }
    }

    private byte ByteAt(int at)
    {
        while (at >= _input.Window.Length)
        {
            if (!_input.Fill("record")) throw Bad(-1, "the rest of a record");
        }

        return _input.Window[at];
    }

    private void Consume(int count)
    {
        _line += _input.Window[..count].Count((byte)'\n');
        _input.Consume(count);
    }
}
