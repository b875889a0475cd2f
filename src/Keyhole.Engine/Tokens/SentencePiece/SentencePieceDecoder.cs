using System.Buffers;
using System.Text;
using Keyhole.Engine.Tokens.Decoders;
using Keyhole.Engine.Tokens.Models;

namespace Keyhole.Engine.Tokens.SentencePiece;

/// <summary>Decodes as SentencePiece does: controls are invisible, the unknown token has a surface of its own, bytes are joined, the space before the text is dropped.</summary>
internal sealed class SentencePieceDecoder(ModelFile model) : IDecoder
{
    public List<string> Decode(List<string> pieces)
    {
        var result = new StringBuilder();
        var bytes = new List<byte>();
        bool atStart = true;
        bool droppedSpace = false;
        foreach (string piece in pieces)
        {
            int id = model.Pieces.Vocabulary.Find(piece);
            PieceType type = id < 0 ? PieceType.Normal : model.Pieces.Types[id];
            if (type == PieceType.Byte && BytePieces.ByteOf(piece) is >= 0 and int value)
            {
                bytes.Add((byte)value);
                continue;
            }

            FlushBytes(bytes, result);
            atStart = atStart && !droppedSpace && result.Length == 0;
            (string surface, droppedSpace) = Surface(piece, type, atStart);
            result.Append(surface);
        }

        FlushBytes(bytes, result);
        return [result.ToString()];
    }

    private (string Text, bool DroppedSpace) Surface(string piece, PieceType type, bool atStart)
    {
        if (type is PieceType.Control or PieceType.Unknown)
        {
            return (type == PieceType.Control ? "" : model.UnknownSurface, false);
        }

        bool drops = atStart && (model.AddDummyPrefix || model.RemoveExtraSpaces) && piece.StartsWith(SpaceMark.Text, StringComparison.Ordinal);
        string text = (drops ? piece[SpaceMark.Text.Length..] : piece).Replace(SpaceMark.Text, " ", StringComparison.Ordinal);
        return (text, drops && !model.RemoveExtraSpaces);
    }

    /// <summary>A byte that begins no character becomes U+FFFD by itself.</summary>
    private static void FlushBytes(List<byte> bytes, StringBuilder result)
    {
        ReadOnlySpan<byte> rest = bytes.ToArray();
        while (!rest.IsEmpty)
        {
            bool valid = Rune.DecodeFromUtf8(rest, out Rune rune, out int length) == OperationStatus.Done;
            result.Append(rune.ToString());
            rest = rest[(valid ? length : 1)..];
        }

        bytes.Clear();
    }
}
