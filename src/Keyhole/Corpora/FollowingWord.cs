using System.Buffers;
using System.Globalization;
using System.Text;

namespace Keyhole.Corpora;

/// <summary>What stands after a possible end of a sentence.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Start">Where the word begins, after opening marks.</param>
/// <param name="Length">Its length: letters and digits.</param>
/// <param name="Opened">Whether a quote, bracket or dash stands before the word.</param>
internal readonly record struct FollowingWord(FollowingKind Kind, int Start, int Length, bool Opened)
{
    private const int MaxMarks = 16;

    /// <summary>Reads from <paramref name="at"/>, over white space and opening marks.</summary>
    public static FollowingWord Read(ReadOnlySpan<char> text, int at)
    {
        bool opened = false;
        for (int marks = 0; at < text.Length; at++)
        {
            char c = text[at];
            if (char.IsWhiteSpace(c)) continue;
            if (++marks > MaxMarks) return new FollowingWord(FollowingKind.Nothing, at, 0, opened);
            if (char.IsLetter(c)) return Word(text, at, KindOf(text, at), opened);
            if (char.IsDigit(c)) return Word(text, at, FollowingKind.Digit, opened);
            if (c == '<' && at + 1 < text.Length && char.IsAsciiLetter(text[at + 1])) return new FollowingWord(FollowingKind.Unknown, at, 0, opened);
            if (c == '@' && at + 2 < text.Length && text[at + 2] == '@') return new FollowingWord(FollowingKind.GoesOn, at, 0, opened);   // " @-@ " of WikiText
            if (c == '(' && EnumeratorLength(text, at) is > 0 and int enumerator)
            {
                at += enumerator - 1;   // "(b) The second item"
                continue;
            }

            if (SentenceMarks.GoesOn(c)) return new FollowingWord(FollowingKind.GoesOn, at, 0, opened);
            if (Rune.DecodeFromUtf16(text[at..], out Rune rune, out int length) == OperationStatus.Done && length == 2)
            {
                if (Rune.IsLetter(rune)) return new FollowingWord(FollowingKind.Uncased, at, 0, opened);
                at++;   // an emoji, say: looked past as a whole
            }

            opened |= SentenceMarks.IsOpener(c) || SentenceMarks.IsDash(c);
        }

        return new FollowingWord(FollowingKind.Nothing, at, 0, opened);
    }

    private static int EnumeratorLength(ReadOnlySpan<char> text, int at)
    {
        int end = at + 1;
        while (end < text.Length && end - at <= 3 && char.IsAsciiLetterOrDigit(text[end])) end++;
        return end > at + 1 && end < text.Length && text[end] == ')' ? end + 1 - at : 0;
    }

    private static FollowingKind KindOf(ReadOnlySpan<char> text, int at)
    {
        char c = text[at];
        if (char.IsUpper(c) || char.GetUnicodeCategory(c) == UnicodeCategory.TitlecaseLetter) return FollowingKind.Upper;
        if (!char.IsLower(c)) return FollowingKind.Uncased;
        return at + 1 < text.Length && char.IsUpper(text[at + 1]) ? FollowingKind.Upper : FollowingKind.Lower;   // "iPhone" begins a sentence as it is
    }

    private static FollowingWord Word(ReadOnlySpan<char> text, int start, FollowingKind kind, bool opened)
    {
        int end = start + 1;
        while (end < text.Length && end - start < 32 && char.IsLetterOrDigit(text[end])) end++;
        return new FollowingWord(kind, start, end - start, opened);
    }
}
