using System.Text;

namespace Keyhole.Corpora;

/// <summary>Walks once along a line and tells where in the file its characters begin.</summary>
internal struct OffsetCursor(SourceLine line)
{
    private readonly SourceLine _line = line;
    private int _chars;
    private int _bytes;

    /// <summary>Position in the decompressed file of the character at <paramref name="index"/>; the line's length gives its end. Never goes back.</summary>
    public long OffsetAt(int index)
    {
        if (_line.Escapes == RawEscapes.None) _bytes += Encoding.UTF8.GetByteCount(_line.Text.AsSpan(_chars, index - _chars));
        else _bytes += EscapedBytes(_line.Raw.Span[_bytes..], index - _chars, _line.Escapes);
        _chars = index;
        return _line.Offset + _bytes;
    }

    /// <summary>The number of bytes that spell the next <paramref name="chars"/> UTF-16 code units.</summary>
    public static int EscapedBytes(ReadOnlySpan<byte> raw, int chars, RawEscapes escapes)
    {
        int at = 0;
        while (chars > 0)
        {
            byte lead = raw[at];
            chars--;
            if (lead == '\\' && escapes == RawEscapes.Json)
            {
                at += raw[at + 1] == 'u' ? 6 : 2;
            }
            else if (lead == '"' && escapes == RawEscapes.CsvQuotes)
            {
                at += 2;
            }
            else
            {
                at += lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
                if (lead >= 0xF0) chars--;   // a surrogate pair
            }
        }

        return at;
    }
}
