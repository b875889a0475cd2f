using System.Globalization;
using System.Text;

namespace Keyhole.Engine.Tokens.Text;

/// <summary>Code points of UTF-8 text and their classes, beyond the BMP too.</summary>
internal static class CodePoints
{
    private static readonly CharClass[] Bmp = BuildBmp();

    /// <summary>Classes of a code point.</summary>
    public static CharClass ClassOf(int codePoint) => (uint)codePoint < 0x10000u ? Bmp[codePoint] : Classify(codePoint);

    public static bool IsWhiteSpace(int codePoint) => (ClassOf(codePoint) & CharClass.WhiteSpace) != 0;

    /// <summary>ASCII punctuation and symbols, or any general category P of Unicode 8.0.</summary>
    public static bool IsPunctuation(int codePoint) =>
        codePoint < 128 ? codePoint > 32 && codePoint < 127 && !char.IsAsciiLetterOrDigit((char)codePoint) : OlderUnicode.IsPunctuation8(codePoint);

    /// <summary>Simple lower case; that of U+0130 is i (its full one has a dot above after it).</summary>
    public static int ToLower(int codePoint) =>
        codePoint < 0x80 ? (codePoint is >= 'A' and <= 'Z' ? codePoint + 32 : codePoint)
        : codePoint == 0x130 ? 'i'
        : Rune.IsValid(codePoint) ? Rune.ToLowerInvariant(new Rune(codePoint)).Value : codePoint;

    /// <summary>Simple upper case.</summary>
    public static int ToUpper(int codePoint) => Rune.IsValid(codePoint) ? Rune.ToUpperInvariant(new Rune(codePoint)).Value : codePoint;

    public static UnicodeCategory Category(int codePoint) =>
        codePoint is >= 0xD800 and <= 0xDFFF ? UnicodeCategory.Surrogate : CharUnicodeInfo.GetUnicodeCategory(codePoint);

    /// <summary>Reads the code point at <paramref name="index"/> of well-formed UTF-8.</summary>
    public static int Read(ReadOnlySpan<byte> text, int index, out int length)
    {
        int first = text[index];
        if (first < 0x80)
        {
            length = 1;
            return first;
        }

        if (first < 0xE0)
        {
            length = 2;
            return ((first & 0x1F) << 6) | (text[index + 1] & 0x3F);
        }

        if (first < 0xF0)
        {
            length = 3;
            return ((first & 0x0F) << 12) | ((text[index + 1] & 0x3F) << 6) | (text[index + 2] & 0x3F);
        }

        length = 4;
        return ((first & 0x07) << 18) | ((text[index + 1] & 0x3F) << 12) | ((text[index + 2] & 0x3F) << 6) | (text[index + 3] & 0x3F);
    }

    /// <summary>Reads the code point that ends before <paramref name="end"/>.</summary>
    public static int ReadBefore(ReadOnlySpan<byte> text, int end, out int length)
    {
        int start = end - 1;
        while (start > 0 && (text[start] & 0xC0) == 0x80)
        {
            start--;
        }

        return Read(text, start, out length);
    }

    /// <summary>Bytes of the character whose first byte is given.</summary>
    public static int LengthOf(byte first) => first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;

    /// <summary>Writes a code point as UTF-8; returns the number of bytes. <paramref name="target"/> must hold 4.</summary>
    public static int Write(int codePoint, Span<byte> target)
    {
        if (codePoint < 0x80)
        {
            target[0] = (byte)codePoint;
            return 1;
        }

        if (codePoint < 0x800)
        {
            target[0] = (byte)(0xC0 | (codePoint >> 6));
            target[1] = (byte)(0x80 | (codePoint & 0x3F));
            return 2;
        }

        if (codePoint < 0x10000)
        {
            target[0] = (byte)(0xE0 | (codePoint >> 12));
            target[1] = (byte)(0x80 | ((codePoint >> 6) & 0x3F));
            target[2] = (byte)(0x80 | (codePoint & 0x3F));
            return 3;
        }

        target[0] = (byte)(0xF0 | (codePoint >> 18));
        target[1] = (byte)(0x80 | ((codePoint >> 12) & 0x3F));
        target[2] = (byte)(0x80 | ((codePoint >> 6) & 0x3F));
        target[3] = (byte)(0x80 | (codePoint & 0x3F));
        return 4;
    }

    /// <summary>Number of code points of well-formed UTF-8.</summary>
    public static int Count(ReadOnlySpan<byte> text)
    {
        int count = 0;
        foreach (byte value in text)
        {
            count += (value & 0xC0) != 0x80 ? 1 : 0;
        }

        return count;
    }

    /// <summary>UTF-8 of a string; a lone surrogate becomes U+FFFD.</summary>
    public static byte[] Utf8(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    /// <summary>The string of UTF-8 bytes; malformed parts become U+FFFD.</summary>
    public static string String(ReadOnlySpan<byte> utf8) => System.Text.Encoding.UTF8.GetString(utf8);

    private static CharClass[] BuildBmp()
    {
        var classes = new CharClass[0x10000];
        for (int i = 0; i < classes.Length; i++)
        {
            classes[i] = Classify(i);
        }

        return classes;
    }

    private static CharClass Classify(int codePoint)
    {
        CharClass general = Category(codePoint) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => CharClass.Letter | CharClass.Word,
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => CharClass.Mark | CharClass.Word,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber => CharClass.Number | CharClass.Word,
            UnicodeCategory.OtherNumber => CharClass.Number,
            UnicodeCategory.ConnectorPunctuation => CharClass.Punctuation | CharClass.Word,
            UnicodeCategory.DashPunctuation or UnicodeCategory.OpenPunctuation or UnicodeCategory.ClosePunctuation
                or UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation or UnicodeCategory.OtherPunctuation => CharClass.Punctuation,
            UnicodeCategory.MathSymbol or UnicodeCategory.CurrencySymbol or UnicodeCategory.ModifierSymbol or UnicodeCategory.OtherSymbol => CharClass.Symbol,
            _ => CharClass.None,
        };
        if (codePoint is (>= 0x24B6 and <= 0x24E9) or (>= 0x1F130 and <= 0x1F149) or (>= 0x1F150 and <= 0x1F169) or (>= 0x1F170 and <= 0x1F189))
        {
            general |= CharClass.Word; // circled and squared letters are Other_Alphabetic
        }

        bool space = codePoint is (>= 9 and <= 13) or 0x20 or 0x85 or 0xA0 or 0x1680 or (>= 0x2000 and <= 0x200A) or 0x2028 or 0x2029 or 0x202F or 0x205F or 0x3000;
        return space ? general | CharClass.WhiteSpace : general;
    }
}
