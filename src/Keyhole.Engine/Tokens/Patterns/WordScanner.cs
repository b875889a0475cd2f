using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.Patterns;

/// <summary>A famous splitting expression, written out as a scanner over code points. Its matches cover the text.</summary>
internal abstract class WordScanner : IPattern
{
    /// <summary>The regular expression that the scanner stands for.</summary>
    public abstract string Expression { get; }

    /// <summary>End of the match that begins at <paramref name="start"/>; <paramref name="text"/> is the whole text.</summary>
    public abstract int Next(ReadOnlySpan<byte> text, int start);

    public void FindMatches(ReadOnlySpan<byte> text, int start, int end, List<PieceRange> matches)
    {
        text = text[..end];
        while (start < end)
        {
            int next = Next(text, start); // scanners look ahead only, so what stands before cannot matter
            matches.Add(new PieceRange(start, next));
            start = next;
        }
    }

    /// <summary>Class of the character at <paramref name="index"/>.</summary>
    protected static CharClass ClassAt(ReadOnlySpan<byte> text, int index, out int length)
    {
        byte first = text[index];
        if (first < 0x80)
        {
            length = 1;
            return CodePoints.ClassOf(first);
        }

        return CodePoints.ClassOf(CodePoints.Read(text, index, out length));
    }

    /// <summary>End of the run of characters of <paramref name="wanted"/> from <paramref name="index"/> on.</summary>
    protected static int Run(ReadOnlySpan<byte> text, int index, CharClass wanted)
    {
        while (index < text.Length && (ClassAt(text, index, out int length) & wanted) != 0)
        {
            index += length;
        }

        return index;
    }

    /// <summary>End of the run of characters that are none of <paramref name="unwanted"/>.</summary>
    protected static int RunOfOthers(ReadOnlySpan<byte> text, int index, CharClass unwanted)
    {
        while (index < text.Length && (ClassAt(text, index, out int length) & unwanted) == 0)
        {
            index += length;
        }

        return index;
    }

    /// <summary><c>\s+(?!\S)|\s+</c>: all of a run at the end of the text, else all but its last character, and at least one.</summary>
    protected static int WhiteSpace(ReadOnlySpan<byte> text, int start, int runEnd)
    {
        if (runEnd == text.Length)
        {
            return runEnd;
        }

        CodePoints.ReadBefore(text, runEnd, out int last);
        return runEnd - last > start ? runEnd - last : runEnd;
    }

    /// <summary>Length of <c>'s|'t|'re|'ve|'m|'ll|'d</c> at <paramref name="start"/>, or 0.</summary>
    protected static int Contraction(ReadOnlySpan<byte> text, int start, CaseRule rule)
    {
        if (start + 1 >= text.Length || text[start] != '\'')
        {
            return 0;
        }

        int first = Fold(text[start + 1], rule);
        if (first is 's' or 't' or 'm' or 'd')
        {
            return 2;
        }

        if (rule == CaseRule.Ignore && first == 0xC5 && start + 2 < text.Length && text[start + 2] == 0xBF)
        {
            return 3;
        }

        int second = start + 2 < text.Length ? Fold(text[start + 2], rule) : 0;
        return (first, second) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? 3 : 0;
    }

    private static int Fold(byte value, CaseRule rule) => rule != CaseRule.Exact && value is >= (byte)'A' and <= (byte)'Z' ? value + 32 : value;
}
