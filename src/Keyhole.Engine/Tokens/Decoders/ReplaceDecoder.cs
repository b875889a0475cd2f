using System.Buffers;
using Keyhole.Engine.Tokens.Patterns;
using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.Decoders;

/// <summary>Replaces what a pattern matches in each part.</summary>
internal sealed class ReplaceDecoder(IPattern pattern, string content) : IDecoder
{
    private readonly byte[] _content = CodePoints.Utf8(content);

    public List<string> Decode(List<string> pieces) => pieces.ConvertAll(Replace);

    private string Replace(string piece)
    {
        byte[] text = CodePoints.Utf8(piece);
        var matches = new List<PieceRange>();
        pattern.FindMatches(text, 0, text.Length, matches);
        if (matches.Count == 0)
        {
            return piece;
        }

        var result = new ArrayBufferWriter<byte>(text.Length + _content.Length);
        int copied = 0;
        foreach (PieceRange match in matches)
        {
            result.Write(text.AsSpan(copied, match.Start - copied));
            result.Write(_content);
            copied = match.End;
        }

        result.Write(text.AsSpan(copied));
        return CodePoints.String(result.WrittenSpan);
    }
}
