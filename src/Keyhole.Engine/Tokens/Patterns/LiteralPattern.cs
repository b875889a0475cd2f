using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.Patterns;

/// <summary>A string that is looked for as it is.</summary>
internal sealed class LiteralPattern(string literal) : IPattern
{
    private readonly byte[] _literal = CodePoints.Utf8(literal);

    public void FindMatches(ReadOnlySpan<byte> text, int start, int end, List<PieceRange> matches)
    {
        if (_literal.Length == 0)
        {
            // The empty expression matches between all characters, and at the end.
            for (int i = start; i < end; i += CodePoints.LengthOf(text[i]))
            {
                matches.Add(new PieceRange(i, i));
            }

            matches.Add(new PieceRange(end, end));
            return;
        }

        while (text[start..end].IndexOf(_literal) is >= 0 and int found)
        {
            matches.Add(new PieceRange(start + found, start + found + _literal.Length));
            start += found + _literal.Length;
        }
    }
}
