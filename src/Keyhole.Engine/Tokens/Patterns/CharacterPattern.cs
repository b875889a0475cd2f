using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.Patterns;

/// <summary>Every character of a kind, each a match of its own.</summary>
internal sealed class CharacterPattern(Func<int, bool> accepts) : IPattern
{
    public void FindMatches(ReadOnlySpan<byte> text, int start, int end, List<PieceRange> matches)
    {
        for (int i = start; i < end;)
        {
            bool match = accepts(CodePoints.Read(text, i, out int length));
            if (match)
            {
                matches.Add(new PieceRange(i, i + length));
            }

            i += length;
        }
    }
}
