using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.PreTokenizers;

/// <summary>SentencePiece's way: spaces become a visible mark, one is put before the text, and words begin with it.</summary>
/// <param name="replacement">The mark.</param>
/// <param name="prepends">Whether the mark is put before a piece that has none.</param>
/// <param name="onlyFirst">Whether only before the piece that begins the text.</param>
/// <param name="splits">Whether pieces are cut before each mark.</param>
internal sealed class MetaspacePreTokenizer(string replacement, bool prepends, bool onlyFirst, bool splits) : IPreTokenizer
{
    private readonly byte[] _mark = CodePoints.Utf8(replacement);
    private readonly PatternSplitter _splitter = new(new Patterns.LiteralPattern(replacement), SplitBehavior.MergedWithNext);

    public void Apply(PreTokenizedText text)
    {
        MarkSpaces(text);
        if (prepends)
        {
            Prefixing.Prepend(text, _mark, unlessStartsWith: _mark, onlyFirst);
        }

        if (splits)
        {
            _splitter.Apply(text);
        }
    }

    private void MarkSpaces(PreTokenizedText text)
    {
        AlignedText source = text.Text;
        AlignedText target = AlignedText.Empty(source.Length + (source.Length / 4), source);
        var pieces = new List<PieceRange>(text.Pieces.Count);
        foreach (PieceRange piece in text.Pieces)
        {
            int start = target.Length;
            int copied = piece.Start;
            while (!piece.IsToken && source.Bytes[copied..piece.End].IndexOf((byte)' ') is >= 0 and int found)
            {
                int space = copied + found;
                target.Append(source, copied, space);
                target.Append(_mark, source.StartOf(space), source.EndOf(space));
                copied = space + 1;
            }

            target.Append(source, copied, piece.End);
            pieces.Add(piece with { Start = start, End = target.Length });
        }

        text.Text = target;
        text.Pieces = pieces;
    }
}
