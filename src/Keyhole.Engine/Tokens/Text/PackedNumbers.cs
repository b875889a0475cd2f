using System.IO.Compression;

namespace Keyhole.Engine.Tokens.Text;

/// <summary>Reads a packed table of Unicode data: base64 of a deflated stream of variable-length numbers, 7 bits a byte, low first.</summary>
internal sealed class PackedNumbers
{
    private readonly byte[] _bytes;
    private int _position;

    public PackedNumbers(string packed)
    {
        using var compressed = new MemoryStream(Convert.FromBase64String(packed));
        using var stream = new DeflateStream(compressed, CompressionMode.Decompress);
        using var unpacked = new MemoryStream();
        stream.CopyTo(unpacked);
        _bytes = unpacked.ToArray();
    }

    public int Next()
    {
        int value = 0;
        for (int shift = 0; ; shift += 7)
        {
            int next = _bytes[_position++];
            value |= (next & 127) << shift;
            if (next < 128)
            {
                return value;
            }
        }
    }

    public string NextText()
    {
        int length = Next();
        _position += length;
        return CodePoints.String(_bytes.AsSpan(_position - length, length));
    }
}
