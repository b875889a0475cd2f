namespace Keyhole.Engine.Tokens.Text;

/// <summary>Well-formed UTF-8 in which every byte knows the code points of the original text that it comes from.</summary>
/// <remarks>The rules of alignment are those of the tokenizers library (0.23), since offsets must be the same.</remarks>
internal sealed class AlignedText
{
    /// <summary>In bytes.</summary>
    private const int LongestText = 1 << 29;

    /// <summary>How many times longer a text may become, and what it may become in any case, in bytes: the compatibility forms of Unicode make a character at most 11 times as long.</summary>
    private const int MostGrowth = 16;

    private const int SmallText = 1 << 14;

    private readonly int _limit;
    private byte[] _bytes;
    private int[] _starts;
    private int[] _ends;

    private AlignedText(int capacity, int origin, int limit)
    {
        _limit = limit;
        _bytes = new byte[capacity];
        _starts = new int[capacity];
        _ends = new int[capacity];
        Origin = origin;
    }

    /// <summary>Where the part of the original text begins that this text stands for.</summary>
    public int Origin { get; private set; }

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <summary>Room for another form of a text, within the limit of the original.</summary>
    public static AlignedText Empty(int capacity, AlignedText source) => new(Math.Max(capacity, 16), source.Origin, source._limit);

    /// <summary>Each character aligned with itself; <paramref name="origin"/> is the first one's index in the original text.</summary>
    public static AlignedText Identity(ReadOnlySpan<byte> utf8, int origin)
    {
        var text = new AlignedText(Math.Max(utf8.Length, 16), origin, (int)Math.Min(LongestText, SmallText + ((long)MostGrowth * utf8.Length)));
        utf8.CopyTo(text._bytes);
        int index = origin - 1;
        for (int i = 0; i < utf8.Length; i++)
        {
            index += (utf8[i] & 0xC0) != 0x80 ? 1 : 0;
            text._starts[i] = index;
            text._ends[i] = index + 1;
        }

        text.Length = utf8.Length;
        return text;
    }

    public int StartOf(int index) => _starts[index];

    public int EndOf(int index) => _ends[index];

    /// <summary>Original code points of a range of bytes.</summary>
    public TokenOffset OffsetOf(int start, int end) =>
        start < end ? new TokenOffset(_starts[start], _ends[end - 1])
        : start < Length ? new TokenOffset(_starts[start], _starts[start])
        : Length > 0 ? new TokenOffset(_ends[Length - 1], _ends[Length - 1]) : new TokenOffset(Origin, Origin);

    /// <summary>Copies a range, bytes and alignment.</summary>
    public void Append(AlignedText source, int start, int end)
    {
        int count = end - start;
        Reserve(count);
        source._bytes.AsSpan(start, count).CopyTo(_bytes.AsSpan(Length));
        source._starts.AsSpan(start, count).CopyTo(_starts.AsSpan(Length));
        source._ends.AsSpan(start, count).CopyTo(_ends.AsSpan(Length));
        Length += count;
    }

    /// <summary>Writes bytes that all have one place.</summary>
    public void Append(ReadOnlySpan<byte> utf8, int start, int end)
    {
        Reserve(utf8.Length);
        utf8.CopyTo(_bytes.AsSpan(Length));
        _starts.AsSpan(Length, utf8.Length).Fill(start);
        _ends.AsSpan(Length, utf8.Length).Fill(end);
        Length += utf8.Length;
    }

    /// <summary>Writes a code point that has one place.</summary>
    public void Append(int codePoint, int start, int end)
    {
        Span<byte> utf8 = stackalloc byte[4];
        Append(utf8[..CodePoints.Write(codePoint, utf8)], start, end);
    }

    /// <summary>The whole text rewritten by edits, in order.</summary>
    /// <param name="edits">The new text.</param>
    /// <param name="removedFirst">Old code points that are dropped before the first edit.</param>
    public AlignedText Rewrite(ReadOnlySpan<Edit> edits, int removedFirst)
    {
        AlignedText result = Empty(Length + 8, this);
        int position = Skip(0, removedFirst);
        foreach (Edit edit in edits)
        {
            int from = edit.Change > 0 ? position - 1 : Math.Min(position, Length - 1);
            (int start, int end) = from < 0 ? (Origin, Origin) : (_starts[from], _ends[from]);
            result.Append(edit.CodePoint, start, end);
            if (edit.Change <= 0)
            {
                position = Skip(position, 1 - edit.Change);
            }
        }

        return result;
    }

    /// <summary>A copy in which each given range is replaced: what is written takes the place of the range's last byte, or of the byte before an empty range.</summary>
    public AlignedText Replace(List<PieceRange> ranges, ReadOnlySpan<byte> content)
    {
        AlignedText result = Empty(Length + 8, this);
        int copied = 0;
        foreach (PieceRange range in ranges)
        {
            result.Append(this, copied, range.Start);
            (int start, int end) = range.End < 1 ? (Origin, Origin) : (_starts[range.End - 1], _ends[range.End - 1]);
            result.Append(content, start, end);
            copied = range.End;
        }

        result.Append(this, copied, Length);
        return result;
    }

    /// <summary>A range as a text of its own.</summary>
    public AlignedText Slice(int start, int end)
    {
        AlignedText result = new(Math.Max(end - start, 16), start < end ? _starts[start] : Origin, _limit);
        result.Append(this, start, end);
        return result;
    }

    private int Skip(int position, int count)
    {
        for (int i = 0; i < count && position < Length; i++)
        {
            position += CodePoints.LengthOf(_bytes[position]);
        }

        return position;
    }

    private void Reserve(int count)
    {
        if (_bytes.Length - Length >= count)
        {
            return;
        }

        long needed = (long)Length + count;
        if (needed > _limit)
        {
            throw TokenErrors.TooLongNormalized(needed, _limit);
        }

        int capacity = (int)Math.Min(_limit, Math.Max(needed, _bytes.Length * 2L));
        Array.Resize(ref _bytes, capacity);
        Array.Resize(ref _starts, capacity);
        Array.Resize(ref _ends, capacity);
    }
}
