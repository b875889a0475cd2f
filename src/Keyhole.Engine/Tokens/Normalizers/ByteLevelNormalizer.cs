using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.Normalizers;

/// <summary>Writes every byte as its printable stand-in.</summary>
internal sealed class ByteLevelNormalizer : INormalizer
{
    public AlignedText Apply(AlignedText text)
    {
        AlignedText result = AlignedText.Empty(text.Length * 2, text);
        PreTokenizers.ByteLevelPreTokenizer.WriteStandIns(text, new PieceRange(0, text.Length), result);
        return result;
    }
}
