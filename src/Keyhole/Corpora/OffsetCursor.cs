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
    private static int EscapedBytes(ReadOnlySpan<byte> raw, int chars, RawEscapes escapes)
    {
        byte escape = escapes == RawEscapes.Json ? (byte)'\\' : (byte)'"';
        int at = 0;
        while (chars > 0)
        {
            // No code unit takes less than a byte: the stretch never holds more of them than are left.
            ReadOnlySpan<byte> stretch = raw.Slice(at, Math.Min(chars, raw.Length - at));
            int plain = stretch.IndexOf(escape);
            if (plain < 0) plain = stretch.Length;
            if (plain == 0)
            {
                at += escapes == RawEscapes.Json && raw[at + 1] == 'u' ? 6 : 2;
                chars--;
            }
            else if (Ascii.IsValid(stretch[..plain]))
            {
                at += plain;
                chars -= plain;
            }
            else
            {
                for (int end = at + plain; at < end;)
                {
                    byte lead = raw[at];
                    at += lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
                    chars -= lead < 0xF0 ? 1 : 2;   // four bytes are a surrogate pair
                }
            }
        }

        return at;
    }
}
