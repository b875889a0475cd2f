using System.Buffers;
using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.Decoders;

/// <summary>Byte-level pieces to text: stand-ins become their bytes, a piece with another character its own UTF-8; then all bytes are read as UTF-8.</summary>
internal sealed class ByteLevelDecoder : IDecoder
{
    public List<string> Decode(List<string> pieces)
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        foreach (string piece in pieces)
        {
            Write(CodePoints.Utf8(piece), bytes);
        }

        return [CodePoints.String(bytes.WrittenSpan)];
    }

    /// <summary>Writes the bytes that a piece stands for.</summary>
    public static void Write(ReadOnlySpan<byte> piece, IBufferWriter<byte> bytes)
    {
        Span<byte> target = bytes.GetSpan(Math.Max(piece.Length, 1));
        if (!ByteAlphabet.TryDecode(piece, target, out int written))
        {
            piece.CopyTo(target);
            written = piece.Length;
        }

        bytes.Advance(written);
    }
}
