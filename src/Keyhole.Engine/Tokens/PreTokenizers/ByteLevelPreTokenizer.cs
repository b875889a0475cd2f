using Keyhole.Engine.Tokens.Patterns;
using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.PreTokenizers;

/// <summary>GPT-2's byte level: splits into words and writes every byte as its printable stand-in.</summary>
internal sealed class ByteLevelPreTokenizer(bool addPrefixSpace, bool useRegex) : IPreTokenizer
{
    private static readonly PatternSplitter Words = new(new Gpt2Scanner(), SplitBehavior.Isolated);

    /// <summary>Whether a space is put before a text that has none.</summary>
    public bool AddsPrefixSpace => addPrefixSpace;

    /// <summary>GPT-2's own word splitter, where it is used.</summary>
    public Splitter? WordSplitter => useRegex ? Words : null;

    public void Apply(PreTokenizedText text)
    {
        if (addPrefixSpace)
        {
            Prefixing.Prepend(text, " "u8, unlessStartsWith: " "u8);
        }

        WordSplitter?.Apply(text);
        AlignedText source = text.Text;
        AlignedText target = AlignedText.Empty(source.Length * 2, source);
        var pieces = new List<PieceRange>(text.Pieces.Count);
        foreach (PieceRange piece in text.Pieces)
        {
            int start = target.Length;
            if (piece.IsToken)
            {
                target.Append(source, piece.Start, piece.End);
            }
            else
            {
                WriteStandIns(source, piece, target);
            }

            pieces.Add(piece with { Start = start, End = target.Length });
        }

        text.Text = target;
        text.Pieces = pieces;
    }

    /// <summary>Writes the stand-ins of a range of bytes; the bytes of a character all have the character's place.</summary>
    internal static void WriteStandIns(AlignedText source, PieceRange piece, AlignedText target)
    {
        for (int i = piece.Start; i < piece.End; i++)
        {
            target.Append(ByteAlphabet.CharOf(source.Bytes[i]), source.StartOf(i), source.EndOf(i));
        }
    }
}
