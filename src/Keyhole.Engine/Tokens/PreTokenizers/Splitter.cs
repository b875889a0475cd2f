using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.PreTokenizers;

/// <summary>A pre-tokenizer that only cuts and drops: it never changes the text.</summary>
internal abstract class Splitter : IPreTokenizer
{
    /// <summary>Adds the parts of <c>text[start..end]</c>, which is not empty. Empty parts may not be added.</summary>
    public abstract void Split(ReadOnlySpan<byte> text, int start, int end, List<PieceRange> output);

    public void Apply(PreTokenizedText text)
    {
        var output = new List<PieceRange>(text.Pieces.Count * 2);
        Apply(text.Text.Bytes, text.Pieces, output);
        text.Pieces = output;
    }

    /// <summary>Splits each piece that is not a token yet.</summary>
    public void Apply(ReadOnlySpan<byte> text, List<PieceRange> pieces, List<PieceRange> output)
    {
        foreach (PieceRange piece in pieces)
        {
            if (piece.IsToken)
            {
                output.Add(piece);
            }
            else if (piece.Start < piece.End)
            {
                Split(text, piece.Start, piece.End, output);
            }
        }
    }
}
