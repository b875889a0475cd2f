using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.PreTokenizers;

/// <summary>Puts something before pieces.</summary>
internal static class Prefixing
{
    /// <summary>Writes <paramref name="prefix"/> before each wanted piece that does not begin with <paramref name="unlessStartsWith"/>; it takes the place of the piece's first character.</summary>
    public static void Prepend(PreTokenizedText text, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> unlessStartsWith, bool onlyAtOrigin = false)
    {
        AlignedText source = text.Text;
        AlignedText target = AlignedText.Empty(source.Length + (4 * text.Pieces.Count), source);
        var pieces = new List<PieceRange>(text.Pieces.Count);
        foreach (PieceRange piece in text.Pieces)
        {
            int start = target.Length;
            bool wanted = !piece.IsToken && piece.Start < piece.End && (!onlyAtOrigin || source.StartOf(piece.Start) == 0);
            if (wanted && !source.Bytes[piece.Start..piece.End].StartsWith(unlessStartsWith))
            {
                target.Append(prefix, source.StartOf(piece.Start), source.EndOf(piece.Start));
            }

            target.Append(source, piece.Start, piece.End);
            pieces.Add(piece with { Start = start, End = target.Length });
        }

        text.Text = target;
        text.Pieces = pieces;
    }
}
