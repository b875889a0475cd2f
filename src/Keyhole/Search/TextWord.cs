using System.Globalization;
using System.Text;

namespace Keyhole.Search;

/// <summary>A word of a text: a run of letters, marks and digits, or one character of a script written without spaces.</summary>
/// <param name="Start">UTF-16 index of its first character.</param>
/// <param name="End">UTF-16 index after its last.</param>
/// <param name="Folded">The word in small letters.</param>
internal readonly record struct TextWord(int Start, int End, string Folded)
{
    /// <summary>The words of a text in order.</summary>
    public static List<TextWord> Of(string text)
    {
        var words = new List<TextWord>();
        int start = -1;
        int at = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            bool alone = StandsAlone(rune.Value);
            if (start >= 0 && (alone || !IsPart(rune)))
            {
                words.Add(Word(text, start, at));
                start = -1;
            }

            int next = at + rune.Utf16SequenceLength;   // a lone surrogate is one unit, as U+FFFD is
            if (alone && IsPart(rune))
            {
                words.Add(Word(text, at, next));
            }
            else if (start < 0 && IsPart(rune))
            {
                start = at;
            }

            at = next;
        }

        if (start >= 0)
        {
            words.Add(Word(text, start, at));
        }

        return words;
    }

    private static TextWord Word(string text, int start, int end) => new(start, end, text[start..end].ToLowerInvariant());

    private static bool IsPart(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
        or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter
        or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark
        or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;

    // Thai and Lao, Khmer and Myanmar; Han with its radicals, and kana.
    private static bool StandsAlone(int rune) => rune is (>= 0x0E00 and <= 0x0EFF) or (>= 0x1000 and <= 0x109F) or (>= 0x1780 and <= 0x17FF)
        or (>= 0x2E80 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF);
}
