using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.PreTokenizers;

/// <summary>Pieces of a fixed number of characters, the last one shorter.</summary>
internal sealed class FixedLengthSplitter(int length) : Splitter
{
    public override void Split(ReadOnlySpan<byte> text, int start, int end, List<PieceRange> output)
    {
        int count = 0;
        int from = start;
        for (int i = start; i < end;)
        {
            i += CodePoints.LengthOf(text[i]);
            if (++count == length || i == end)
            {
                output.Add(new PieceRange(from, i));
                (count, from) = (0, i);
            }
        }
    }
}
