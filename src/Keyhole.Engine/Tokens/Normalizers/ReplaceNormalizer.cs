using Keyhole.Engine.Tokens.Patterns;
using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.Normalizers;

/// <summary>Replaces what a pattern matches.</summary>
internal sealed class ReplaceNormalizer(IPattern pattern, string content) : INormalizer
{
    private readonly byte[] _content = CodePoints.Utf8(content);

    public AlignedText Apply(AlignedText text)
    {
        var matches = new List<PieceRange>();
        pattern.FindMatches(text.Bytes, 0, text.Length, matches);
        return matches.Count == 0 ? text : text.Replace(matches, _content);
    }
}
