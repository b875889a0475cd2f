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

    /// <summary>Index of the last unit collected.</summary>
    public int LastUnit => _lastUnit;

    /// <summary>Units collected.</summary>
    public int Units { get; private set; }

    /// <summary>Tokens of these.</summary>
    public long Tokens { get; private set; }

    /// <summary>Whether the block should be written before another unit is added.</summary>
    public bool IsFull => Units >= MaxUnits || _texts.BaseStream.Position + _tokens.BaseStream.Position + _spans.BaseStream.Position >= MaxRawBytes;

    public void Add(StudyUnit unit)
    {
        if (Units == 0)
        {
            FirstUnit = unit.Index;
            _lastUnit = unit.Index - 1;
            _lastOffset = 0;
            Tokens = 0;
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
        Tokens += unit.Tokens.Length;
        Units++;
    }

    /// <summary>The compressed block.</summary>
    public PackedUnits Pack()
    {
        using MemoryStream packed = new();
        int rawBytes = 0;
        using (ZLibStream zlib = new(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            foreach (MemoryStream part in Parts())
            {
                zlib.Write(part.GetBuffer(), 0, (int)part.Length);
                rawBytes += (int)part.Length;
            }
        }

        return new PackedUnits(FirstUnit, LastUnit, Units, Tokens, rawBytes, packed.ToArray());
    }

    /// <summary>Begins a new block.</summary>
    public void Clear()
    {
        Units = 0;
        foreach (MemoryStream part in Parts())
        {
            part.SetLength(0);
        }
    }

    /// <summary>Writes what was collected, so that <see cref="Restore"/> can go on from it.</summary>
    public void Save(BinaryWriter writer)
    {
        writer.Write(FirstUnit);
        writer.Write(Units);
        writer.Write(Tokens);
        writer.Write(_lastUnit);
        writer.Write(_lastOffset);
        foreach (MemoryStream part in Parts())
        {
            writer.Write((int)part.Length);
            writer.Write(part.GetBuffer(), 0, (int)part.Length);
        }
    }

    /// <summary>Takes over what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such block.</exception>
    /// <exception cref="EndOfStreamException">The bytes end early.</exception>
    public void Restore(BinaryReader reader)
    {
        FirstUnit = reader.ReadInt32();
        Units = reader.ReadInt32();
        Tokens = reader.ReadInt64();
        _lastUnit = reader.ReadInt32();
        _lastOffset = reader.ReadInt64();
        foreach (MemoryStream part in Parts())
        {
            int length = reader.ReadInt32();
            if (length < 0 || Units is < 0 or > MaxUnits)
            {
                throw new InvalidDataException($"An unfinished block has {Units} units and a part of {length} bytes.");
            }

            byte[] bytes = reader.ReadBytes(length);
            part.SetLength(0);
            part.Write(bytes);
            if (bytes.Length < length)
            {
                throw new EndOfStreamException("An unfinished block ends early.");
            }
        }
    }

    public void Dispose()
    {
        _heads.Dispose();
        _texts.Dispose();
        _tokens.Dispose();
        _spans.Dispose();
    }

    private MemoryStream[] Parts()
    {
        BinaryWriter[] parts = [_heads, _texts, _tokens, _spans];
        foreach (BinaryWriter part in parts)
        {
            part.Flush();
        }

        return [.. parts.Select(part => (MemoryStream)part.BaseStream)];
    }

    private static long ZigZag(long value) => (value << 1) ^ (value >> 63);
}
