using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.Patterns;

/// <summary>Finds the places of something in a text.</summary>
internal interface IPattern
{
    /// <summary>Adds the matches inside <c>text[start..end]</c>, which is looked at as if it were the whole text: in order, not overlapping.</summary>
    void FindMatches(ReadOnlySpan<byte> text, int start, int end, List<PieceRange> matches);
}
