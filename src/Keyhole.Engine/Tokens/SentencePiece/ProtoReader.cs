using System.Buffers.Binary;

namespace Keyhole.Engine.Tokens.SentencePiece;

/// <summary>Reads the fields of a protocol-buffer message, one after the other; every length is checked against what is left.</summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> message, string file)
{
    private ReadOnlySpan<byte> _rest = message;
    private ulong _number;
    private ReadOnlySpan<byte> _bytes;

    /// <summary>Number of the current field.</summary>
    public int Field { get; private set; }

    /// <summary>Value of a number or boolean field.</summary>
    public readonly long Number => (long)_number;

    /// <summary>Value of a 32-bit floating-point field.</summary>
    public readonly float Single => BitConverter.UInt32BitsToSingle((uint)_number);

    /// <summary>Value of a text, bytes or message field.</summary>
    public readonly ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Goes to the next field; false at the end.</summary>
    public bool Next()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        ulong tag = ReadVarint();
        Field = tag >> 3 is > 0 and < int.MaxValue ? (int)(tag >> 3) : throw Malformed("a field number that cannot be");
        _bytes = default;
        switch (tag & 7)
        {
            case 0:
                _number = ReadVarint();
                break;
            case 1:
                _number = BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
                break;
            case 2:
                _bytes = Take(ReadVarint());
                break;
            case 5:
                _number = BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
                break;
            default:
                throw Malformed($"the wire type {tag & 7}");
        }

        return true;
    }

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)_rest.Length)
        {
            throw Malformed($"a field of {count} bytes where {_rest.Length} are left");
        }

        ReadOnlySpan<byte> taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Take(1)[0];
            value |= (ulong)(next & 127) << shift;
            if (next < 128)
            {
                return value;
            }
        }

        throw Malformed("a number of more than ten bytes");
    }

    private readonly InputRefusedException Malformed(string found) => TokenErrors.Unreadable(file, $"it is no SentencePiece model: it has {found}.");
}
