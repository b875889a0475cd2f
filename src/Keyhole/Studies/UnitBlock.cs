using System.Collections.Immutable;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace Keyhole.Studies;

/// <summary>A block of units read back: heads are decoded at once, a unit's text and tokens when it is asked for.</summary>
internal sealed class UnitBlock
{
    private readonly byte[] _raw;
    private readonly Head[] _heads;

    private UnitBlock(byte[] raw, Head[] heads)
    {
        _raw = raw;
        _heads = heads;
    }

    /// <summary>Bytes held.</summary>
    public int RawBytes => _raw.Length;

    /// <summary>Index of the first unit.</summary>
    public int FirstUnit => _heads[0].Index;

    /// <summary>Index of the last unit.</summary>
    public int LastUnit => _heads[^1].Index;

    /// <summary>The units' indices, ascending.</summary>
    public IEnumerable<int> Indices => _heads.Select(head => head.Index);

    /// <summary>The units' indices, ascending, and their tokens.</summary>
    public IEnumerable<(int Index, int Tokens)> Sizes => _heads.Select(head => (head.Index, head.Tokens));

    /// <summary>Unpacks a block.</summary>
    /// <exception cref="InvalidDataException">The bytes are no block, or end early.</exception>
    /// <exception cref="OverflowException">A number is longer than its type.</exception>
    public static UnitBlock Read(byte[] zlib, int firstUnit, int units, long rawBytes)
    {
        byte[] raw = Inflate(zlib, rawBytes);
        if (units <= 0 || units > raw.Length)
        {
            throw new InvalidDataException($"A block of {units} units in {raw.Length} bytes.");
        }

        ReadOnlySpan<byte> bytes = raw;
        Head[] heads = new Head[units];
        long index = firstUnit - 1L;
        long offset = 0;
        for (int i = 0; i < units; i++)
        {
            index = checked(index + 1 + (long)Leb128.Read(ref bytes));
            heads[i] = new Head
            {
                Index = checked((int)index),
                File = checked((int)Leb128.Read(ref bytes)),
                Offset = offset = checked(offset + Leb128.ReadSigned(ref bytes)),
                Length = checked((long)Leb128.Read(ref bytes)),
                Traits = checked((UnitTraits)Leb128.Read(ref bytes)),
                TextBytes = checked((int)Leb128.Read(ref bytes)),
                Tokens = checked((int)Leb128.Read(ref bytes)),
                TokenBytes = checked((int)Leb128.Read(ref bytes)),
                SpanBytes = checked((int)Leb128.Read(ref bytes)),
            };
        }

        long textAt = raw.Length - bytes.Length;
        long tokensAt = textAt + heads.Sum(head => (long)head.TextBytes);
        long spansAt = tokensAt + heads.Sum(head => (long)head.TokenBytes);
        if (spansAt + heads.Sum(head => (long)head.SpanBytes) != raw.Length)
        {
            throw new InvalidDataException("The parts of a block of units do not fill it.");
        }

        foreach (ref Head head in heads.AsSpan())
        {
            if (head.Tokens > head.TokenBytes || head.Tokens > head.SpanBytes / 2)
            {
                throw new InvalidDataException($"Unit {head.Index} has {head.Tokens} tokens in {head.TokenBytes} bytes.");
            }

            (head.TextAt, head.TokensAt, head.SpansAt) = ((int)textAt, (int)tokensAt, (int)spansAt);
            textAt += head.TextBytes;
            tokensAt += head.TokenBytes;
            spansAt += head.SpanBytes;
        }

        return new UnitBlock(raw, heads);
    }

    /// <summary>The unit of that index, or null where the block does not hold it.</summary>
    /// <exception cref="InvalidDataException">The unit's bytes are damaged.</exception>
    /// <exception cref="OverflowException">A number is longer than its type.</exception>
    public StudyUnit? Unit(int index)
    {
        int low = 0;
        int high = _heads.Length - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_heads[middle].Index < index)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return _heads[low].Index == index ? Decode(_heads[low]) : null;
    }

    private StudyUnit Decode(in Head head)
    {
        int[] tokens = new int[head.Tokens];
        ReadOnlySpan<byte> bytes = _raw.AsSpan(head.TokensAt, head.TokenBytes);
        foreach (ref int token in tokens.AsSpan())
        {
            token = checked((int)Leb128.Read(ref bytes));
        }

        TokenSpan[] spans = new TokenSpan[head.Tokens];
        bytes = _raw.AsSpan(head.SpansAt, head.SpanBytes);
        long end = 0;
        for (int i = 0; i < spans.Length; i++)
        {
            long start = checked(end + Leb128.ReadSigned(ref bytes));
            end = checked(start + (long)Leb128.Read(ref bytes));
            if (start < 0 || end < start || end > head.TextBytes)
            {
                throw new InvalidDataException($"Token {i} of unit {head.Index} lies outside of the unit's text.");
            }

            spans[i] = new TokenSpan((int)start, (int)end);
        }

        return new StudyUnit
        {
            Index = head.Index,
            File = head.File,
            Offset = head.Offset,
            Length = head.Length,
            Traits = head.Traits,
            Text = Encoding.UTF8.GetString(_raw, head.TextAt, head.TextBytes),
            Tokens = ImmutableCollectionsMarshal.AsImmutableArray(tokens),
            Spans = ImmutableCollectionsMarshal.AsImmutableArray(spans),
        };
    }

    private static byte[] Inflate(byte[] zlib, long rawBytes)
    {
        // The stated length is not trusted: memory follows what is really unpacked, one byte beyond it is enough to refuse.
        using ZLibStream stream = new(new MemoryStream(zlib, writable: false), CompressionMode.Decompress);
        using MemoryStream raw = new();
        byte[] buffer = new byte[64 * 1024];
        int read;
        while ((read = stream.Read(buffer)) > 0)
        {
            raw.Write(buffer, 0, read);
            if (raw.Length > rawBytes)
            {
                break;
            }
        }

        return raw.Length == rawBytes
            ? raw.ToArray()
            : throw new InvalidDataException($"A block of units says {rawBytes} bytes and unpacks to {(raw.Length > rawBytes ? "more" : "fewer")}.");
    }

    private struct Head
    {
        public required int Index { get; init; }

        public required int File { get; init; }

        public required long Offset { get; init; }

        public required long Length { get; init; }

        public required UnitTraits Traits { get; init; }

        public required int TextBytes { get; init; }

        public required int Tokens { get; init; }

        public required int TokenBytes { get; init; }

        public required int SpanBytes { get; init; }

        public int TextAt { get; set; }

        public int TokensAt { get; set; }

        public int SpansAt { get; set; }
    }
}
