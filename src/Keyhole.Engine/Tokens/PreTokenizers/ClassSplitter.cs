using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.PreTokenizers;

/// <summary>Cuts where the class of characters changes; class 0 is dropped.</summary>
internal sealed class ClassSplitter(Func<int, int> classOf) : Splitter
{
    public override void Split(ReadOnlySpan<byte> text, int start, int end, List<PieceRange> output)
    {
        int current = 0;
        int from = start;
        for (int i = start; i < end;)
        {
            int next = classOf(CodePoints.Read(text, i, out int length));
            if (next != current)
            {
                if (current != 0)
                {
                    output.Add(new PieceRange(from, i));
                }

                (current, from) = (next, i);
            }

            i += length;
        }

        if (current != 0)
        {
            output.Add(new PieceRange(from, end));
        }
    }

    /// <summary>Runs without white space.</summary>
    public static ClassSplitter WhiteSpaceSplit() => new(codePoint => CodePoints.IsWhiteSpace(codePoint) ? 0 : 1);

    /// <summary><c>\w+|[^\w\s]+</c>, by Rust's expressions, in which the joiners are word characters.</summary>
    public static ClassSplitter Words() => new(codePoint =>
        codePoint is 0x200C or 0x200D || (CodePoints.ClassOf(codePoint) & CharClass.Word) != 0 ? 1 : CodePoints.IsWhiteSpace(codePoint) ? 0 : 2);
}
