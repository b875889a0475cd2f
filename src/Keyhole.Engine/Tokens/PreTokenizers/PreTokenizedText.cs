using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.PreTokenizers;

/// <summary>A text and the pieces that it is cut into. A step replaces the pieces, or the text and the pieces.</summary>
internal sealed class PreTokenizedText(AlignedText text, List<PieceRange> pieces)
{
    public AlignedText Text { get; set; } = text;

    public List<PieceRange> Pieces { get; set; } = pieces;
}
