using System.Collections.Immutable;
using System.IO.Compression;
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

    /// <summary>Unpacks a block.</summary>
    /// <exception cref="InvalidDataException">The bytes are no block.</exception>
    /// <exception cref="FormatException">A number is longer than its type.</exception>
    /// <exception cref="EndOfStreamException">The bytes end early.</exception>
    public static UnitBlock Read(byte[] zlib, int firstUnit, int units, long rawBytes)
    {
        byte[] raw = Inflate(zlib, rawBytes);
        if (units <= 0 || units > raw.Length)
        {
            throw new InvalidDataException($"A block of {units} units in {raw.Length} bytes.");
        }

        using BinaryReader reader = new(new MemoryStream(raw, writable: false));
        Head[] heads = new Head[units];
        long index = firstUnit - 1L;
        long offset = 0;
        for (int i = 0; i < units; i++)
        {
            index += 1L + Natural(reader);
            int file = Natural(reader);
            offset += Signed(reader.Read7BitEncodedInt64());
            long length = reader.Read7BitEncodedInt64();
            UnitTraits traits = (UnitTraits)reader.ReadByte();
            heads[i] = new Head
            {
                Index = index <= int.MaxValue ? (int)index : throw new InvalidDataException($"A unit has number {index}."),
                File = file,
                Offset = offset,
                Length = length,
                Traits = traits,
                TextBytes = Natural(reader),
                Tokens = Natural(reader),
                TokenBytes = Natural(reader),
                SpanBytes = Natural(reader),
            };
        }

        long textAt = reader.BaseStream.Position;
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
    /// <exception cref="FormatException">A number is longer than its type.</exception>
    /// <exception cref="EndOfStreamException">The bytes end early.</exception>
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
        ImmutableArray<int>.Builder tokens = ImmutableArray.CreateBuilder<int>(head.Tokens);
        using (BinaryReader reader = new(new MemoryStream(_raw, head.TokensAt, head.TokenBytes, writable: false)))
        {
            for (int i = 0; i < head.Tokens; i++)
            {
                tokens.Add(Natural(reader));
            }
        }

        ImmutableArray<TokenSpan>.Builder spans = ImmutableArray.CreateBuilder<TokenSpan>(head.Tokens);
        using (BinaryReader reader = new(new MemoryStream(_raw, head.SpansAt, head.SpanBytes, writable: false)))
        {
            long end = 0;
            for (int i = 0; i < head.Tokens; i++)
            {
                long start = end + Signed(reader.Read7BitEncodedInt64());
                end = start + Natural(reader);
                if (start < 0 || end > head.TextBytes)
                {
                    throw new InvalidDataException($"Token {i} of unit {head.Index} lies outside of the unit's text.");
                }

                spans.Add(new TokenSpan((int)start, (int)end));
            }
        }

        return new StudyUnit
        {
            Index = head.Index,
            File = head.File,
            Offset = head.Offset,
            Length = head.Length,
            Traits = head.Traits,
            Text = Encoding.UTF8.GetString(_raw, head.TextAt, head.TextBytes),
            Tokens = tokens.MoveToImmutable(),
            Spans = spans.MoveToImmutable(),
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

    private static int Natural(BinaryReader reader)
    {
        int value = reader.Read7BitEncodedInt();
        return value >= 0 ? value : throw new InvalidDataException("A unit has a number beyond 2^31.");
    }

    private static long Signed(long zigzag) => (long)((ulong)zigzag >> 1) ^ -(zigzag & 1);

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
