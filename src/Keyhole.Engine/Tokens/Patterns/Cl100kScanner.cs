using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.Patterns;

/// <summary>The expression of cl100k, Llama 3 (three digits a word), Qwen 2 (one digit a word) and their relatives.</summary>
/// <param name="digits">Most numbers in a word.</param>
/// <param name="asciiCase">Whether contractions ignore case in ASCII only, so that the long s is no s.</param>
internal sealed class Cl100kScanner(int digits, bool asciiCase) : WordScanner
{
    private const CharClass LetterOrNumber = CharClass.Letter | CharClass.Number;

    private const string AnyCase = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    private const string AsciiCase = "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])";

    public override string Expression { get; } = asciiCase ? AsciiPatternFor(digits) : PatternFor(digits);

    /// <summary>The expression with at most <paramref name="digits"/> numbers in a word.</summary>
    public static string PatternFor(int digits) => AnyCase + Rest(digits);

    /// <summary>The same as llama.cpp writes it, with the letters of contractions in both cases.</summary>
    public static string AsciiPatternFor(int digits) => AsciiCase + Rest(digits);

    public override int Next(ReadOnlySpan<byte> text, int start)
    {
        int contraction = Contraction(text, start, asciiCase ? CaseRule.IgnoreAscii : CaseRule.Ignore);
        if (contraction > 0)
        {
            return start + contraction;
        }

        CharClass kind = ClassAt(text, start, out int length);
        if ((kind & CharClass.Letter) != 0)
        {
            return Run(text, start + length, CharClass.Letter);
        }

        if ((kind & CharClass.Number) != 0)
        {
            return Numbers(text, start);
        }

        int second = start + length;
        bool newLine = text[start] is (byte)'\r' or (byte)'\n';
        if (!newLine && second < text.Length && (ClassAt(text, second, out int secondLength) & CharClass.Letter) != 0)
        {
            return Run(text, second + secondLength, CharClass.Letter);
        }

        if ((kind & CharClass.WhiteSpace) == 0)
        {
            return Others(text, start);
        }

        if (text[start] == ' ' && second < text.Length && (ClassAt(text, second, out _) & (LetterOrNumber | CharClass.WhiteSpace)) == 0)
        {
            return Others(text, second);
        }

        int end = Run(text, start, CharClass.WhiteSpace);
        int lastLine = text[start..end].LastIndexOfAny((byte)'\r', (byte)'\n');
        return lastLine >= 0 ? start + lastLine + 1 : WhiteSpace(text, start, end);
    }

    private static string Rest(int digits) =>
        @"|[^\r\n\p{L}\p{N}]?\p{L}+|" + (digits == 1 ? @"\p{N}" : $@"\p{{N}}{{1,{digits}}}") + @"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private static int Others(ReadOnlySpan<byte> text, int start)
    {
        int end = RunOfOthers(text, start, LetterOrNumber | CharClass.WhiteSpace);
        while (end < text.Length && text[end] is (byte)'\r' or (byte)'\n')
        {
            end++;
        }

        return end;
    }

    private int Numbers(ReadOnlySpan<byte> text, int start)
    {
        int end = start;
        for (int i = 0; i < digits && end < text.Length && (ClassAt(text, end, out int length) & CharClass.Number) != 0; i++)
        {
            end += length;
        }

        return end;
    }
}
