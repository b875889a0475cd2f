using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.Processors;

/// <summary>How many characters of white space (or the byte-level stand-in of the space) begin and end a piece.</summary>
internal readonly record struct SpaceCounts(int Leading, int Trailing)
{
    public static SpaceCounts Of(ReadOnlySpan<byte> piece)
    {
        int leading = 0;
        for (int i = 0; i < piece.Length && IsSpace(CodePoints.Read(piece, i, out int length)); i += length)
        {
            leading++;
        }

        int trailing = 0;
        for (int end = piece.Length; end > 0 && IsSpace(CodePoints.ReadBefore(piece, end, out int length)); end -= length)
        {
            trailing++;
        }

        return new SpaceCounts(leading, trailing);
    }

    /// <summary>The offset of such a piece without its white space.</summary>
    /// <param name="offset">Its offset.</param>
    /// <param name="isFirst">Whether it is the first token of the encoding.</param>
    /// <param name="addPrefixSpace">Whether one leading space of the first word was added, so that there is nothing to take away.</param>
    public TokenOffset Trim(TokenOffset offset, bool isFirst, bool addPrefixSpace)
    {
        int leading = (isFirst || offset.Start == 0) && addPrefixSpace && Leading == 1 ? 0 : Leading;
        int start = Math.Min(offset.Start + leading, offset.End);
        int end = Trailing > 0 && offset.End >= Trailing ? Math.Max(offset.End - Trailing, start) : offset.End;
        return new TokenOffset(start, end);
    }

    private static bool IsSpace(int codePoint) => codePoint == ByteAlphabet.CharOf((byte)' ') || CodePoints.IsWhiteSpace(codePoint);
}
