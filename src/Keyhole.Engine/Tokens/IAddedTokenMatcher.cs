using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens;

/// <summary>Finds added tokens in a text.</summary>
internal interface IAddedTokenMatcher
{
    /// <summary>Adds a token; of two with equal content the first stays.</summary>
    void Add(ReadOnlySpan<byte> content, AddedToken token);

    /// <summary>Cuts <c>text[start..end]</c> into tokens and what lies between them.</summary>
    void Split(ReadOnlySpan<byte> text, int start, int end, List<PieceRange> output);
}
