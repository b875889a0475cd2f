using System.IO.Compression;
using System.Text;

namespace Keyhole.Studies;

/// <summary>Collects units until a block is full and packs them: heads, texts, token ids and spans, each together, so that they compress well.</summary>
/// <remarks>The layout stands in docs/formats/study.md and is read by <see cref="UnitBlock"/>.</remarks>
internal sealed class UnitBlockWriter : IDisposable
{
    private const int MaxUnits = 256;
    private const int MaxRawBytes = 256 * 1024;

    private readonly BinaryWriter _heads = new(new MemoryStream());
    private readonly BinaryWriter _texts = new(new MemoryStream());
    private readonly BinaryWriter _tokens = new(new MemoryStream());
    private readonly BinaryWriter _spans = new(new MemoryStream());
    private int _lastUnit;
    private long _lastOffset;

    /// <summary>Index of the block's first unit.</summary>
    public int FirstUnit { get; private set; }

    /// <summary>Units collected.</summary>
    public int Units { get; private set; }

    /// <summary>Bytes before compression.</summary>
    public int RawBytes { get; private set; }

    /// <summary>Whether the block should be written before another unit is added.</summary>
    public bool IsFull => Units >= MaxUnits || _texts.BaseStream.Position + _tokens.BaseStream.Position + _spans.BaseStream.Position >= MaxRawBytes;

    public void Add(StudyUnit unit)
    {
        if (Units == 0)
        {
            FirstUnit = unit.Index;
            _lastUnit = unit.Index - 1;
            _lastOffset = 0;
        }

        byte[] text = Encoding.UTF8.GetBytes(unit.Text);
        long tokensBefore = _tokens.BaseStream.Position;
        long spansBefore = _spans.BaseStream.Position;
        _texts.Write(text);
        foreach (int token in unit.Tokens)
        {
            _tokens.Write7BitEncodedInt(token);
        }

        int end = 0;
        foreach (TokenSpan span in unit.Spans)
        {
            _spans.Write7BitEncodedInt64(ZigZag(span.Start - (long)end));
            _spans.Write7BitEncodedInt(span.End - span.Start);
            end = span.End;
        }

        _heads.Write7BitEncodedInt(unit.Index - _lastUnit - 1);
        _heads.Write7BitEncodedInt(unit.File);
        _heads.Write7BitEncodedInt64(ZigZag(unit.Offset - _lastOffset));
        _heads.Write7BitEncodedInt64(unit.Length);
        _heads.Write((byte)unit.Traits);
        _heads.Write7BitEncodedInt(text.Length);
        _heads.Write7BitEncodedInt(unit.Tokens.Length);
        _heads.Write7BitEncodedInt((int)(_tokens.BaseStream.Position - tokensBefore));
        _heads.Write7BitEncodedInt((int)(_spans.BaseStream.Position - spansBefore));
        _lastUnit = unit.Index;
        _lastOffset = unit.Offset;
        Units++;
    }

    /// <summary>The compressed block; the writer is empty afterwards.</summary>
    public byte[] Pack()
    {
        using MemoryStream packed = new();
        RawBytes = 0;
        using (ZLibStream zlib = new(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            foreach (BinaryWriter part in (ReadOnlySpan<BinaryWriter>)[_heads, _texts, _tokens, _spans])
            {
                MemoryStream stream = (MemoryStream)part.BaseStream;
                part.Flush();
                zlib.Write(stream.GetBuffer(), 0, (int)stream.Length);
                RawBytes += (int)stream.Length;
                stream.SetLength(0);
            }
        }

        Units = 0;
        return packed.ToArray();
    }

    public void Dispose()
    {
        _heads.Dispose();
        _texts.Dispose();
        _tokens.Dispose();
        _spans.Dispose();
    }

    private static long ZigZag(long value) => (value << 1) ^ (value >> 63);
}
