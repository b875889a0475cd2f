using System.Globalization;
using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.Patterns.Expressions;

/// <summary>The properties that <c>\p{...}</c> and <c>[:...:]</c> may name: general categories, scripts, and a few more.</summary>
internal static class CharacterProperties
{
    private static readonly Dictionary<string, UnicodeCategory[]> Categories = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Lu"] = [UnicodeCategory.UppercaseLetter],
        ["Ll"] = [UnicodeCategory.LowercaseLetter],
        ["Lt"] = [UnicodeCategory.TitlecaseLetter],
        ["Lm"] = [UnicodeCategory.ModifierLetter],
        ["Lo"] = [UnicodeCategory.OtherLetter],
        ["Mn"] = [UnicodeCategory.NonSpacingMark],
        ["Mc"] = [UnicodeCategory.SpacingCombiningMark],
        ["Me"] = [UnicodeCategory.EnclosingMark],
        ["Nd"] = [UnicodeCategory.DecimalDigitNumber],
        ["Nl"] = [UnicodeCategory.LetterNumber],
        ["No"] = [UnicodeCategory.OtherNumber],
        ["Zs"] = [UnicodeCategory.SpaceSeparator],
        ["Zl"] = [UnicodeCategory.LineSeparator],
        ["Zp"] = [UnicodeCategory.ParagraphSeparator],
        ["Cc"] = [UnicodeCategory.Control],
        ["Cf"] = [UnicodeCategory.Format],
        ["Cs"] = [UnicodeCategory.Surrogate],
        ["Co"] = [UnicodeCategory.PrivateUse],
        ["Cn"] = [UnicodeCategory.OtherNotAssigned],
        ["Pc"] = [UnicodeCategory.ConnectorPunctuation],
        ["Pd"] = [UnicodeCategory.DashPunctuation],
        ["Ps"] = [UnicodeCategory.OpenPunctuation],
        ["Pe"] = [UnicodeCategory.ClosePunctuation],
        ["Pi"] = [UnicodeCategory.InitialQuotePunctuation],
        ["Pf"] = [UnicodeCategory.FinalQuotePunctuation],
        ["Po"] = [UnicodeCategory.OtherPunctuation],
        ["Sm"] = [UnicodeCategory.MathSymbol],
        ["Sc"] = [UnicodeCategory.CurrencySymbol],
        ["Sk"] = [UnicodeCategory.ModifierSymbol],
        ["So"] = [UnicodeCategory.OtherSymbol],
    };

    private static readonly Dictionary<string, string> LongNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Letter"] = "L", ["Mark"] = "M", ["Number"] = "N", ["Punctuation"] = "P", ["Symbol"] = "S", ["Separator"] = "Z", ["Other"] = "C",
        ["UppercaseLetter"] = "Lu", ["LowercaseLetter"] = "Ll", ["TitlecaseLetter"] = "Lt", ["ModifierLetter"] = "Lm", ["OtherLetter"] = "Lo",
        ["NonspacingMark"] = "Mn", ["SpacingMark"] = "Mc", ["EnclosingMark"] = "Me", ["DecimalNumber"] = "Nd", ["LetterNumber"] = "Nl", ["OtherNumber"] = "No",
        ["SpaceSeparator"] = "Zs", ["LineSeparator"] = "Zl", ["ParagraphSeparator"] = "Zp", ["Control"] = "Cc", ["Format"] = "Cf", ["Surrogate"] = "Cs",
        ["PrivateUse"] = "Co", ["Unassigned"] = "Cn", ["ConnectorPunctuation"] = "Pc", ["DashPunctuation"] = "Pd", ["OpenPunctuation"] = "Ps",
        ["ClosePunctuation"] = "Pe", ["InitialPunctuation"] = "Pi", ["FinalPunctuation"] = "Pf", ["OtherPunctuation"] = "Po", ["MathSymbol"] = "Sm",
        ["CurrencySymbol"] = "Sc", ["ModifierSymbol"] = "Sk", ["OtherSymbol"] = "So",
    };

    /// <summary>The test for a property; null where the name is not known.</summary>
    public static Func<int, bool>? Find(string name)
    {
        name = name.Replace("_", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
        int equals = name.IndexOf('=', StringComparison.Ordinal);
        name = equals >= 0 ? name[(equals + 1)..] : name;
        name = LongNames.GetValueOrDefault(name, name);
        uint mask = 0;
        foreach ((string category, UnicodeCategory[] members) in Categories)
        {
            bool wanted = name.Length is 1 or 2 && category.StartsWith(name, StringComparison.OrdinalIgnoreCase);
            foreach (UnicodeCategory member in wanted ? members : [])
            {
                mask |= 1u << (int)member;
            }
        }

        return mask != 0 ? CharacterSet.InCategories(mask) : FindOther(name);
    }

    private static Func<int, bool>? FindOther(string name)
    {
        switch (name.ToUpperInvariant())
        {
            case "ANY": return _ => true;
            case "ASCII": return codePoint => codePoint < 128;
            case "WORD": return IsWord;
            case "SPACE" or "WHITESPACE": return CodePoints.IsWhiteSpace;
            case "DIGIT": return IsDigit;
            case "XDIGIT" or "ASCIIHEXDIGIT": return IsHex;
            case "ALPHA" or "ALPHABETIC": return IsAlphabetic;
            case "ALNUM": return codePoint => IsAlphabetic(codePoint) || IsDigit(codePoint);
            case "BLANK": return codePoint => codePoint == '\t' || CodePoints.Category(codePoint) == UnicodeCategory.SpaceSeparator;
            case "CNTRL": return codePoint => CodePoints.Category(codePoint) == UnicodeCategory.Control;
            case "LOWER" or "LOWERCASE": return codePoint => CodePoints.Category(codePoint) == UnicodeCategory.LowercaseLetter;
            case "UPPER" or "UPPERCASE": return codePoint => CodePoints.Category(codePoint) == UnicodeCategory.UppercaseLetter;
            case "PUNCT": return IsPosixPunctuation;
            case "GRAPH": return IsGraph;
            case "PRINT": return codePoint => IsGraph(codePoint) || CodePoints.Category(codePoint) == UnicodeCategory.SpaceSeparator;
        }

        int script = Scripts.Find(name);
        return script == Scripts.Unknown ? null : codePoint => Scripts.Of(codePoint) == script;
    }

    /// <summary>Alphabetic, M, Nd, Pc, and by Oniguruma's own table for Latin-1 the superscript digits and fractions there.</summary>
    public static bool IsWord(int codePoint) =>
        (CodePoints.ClassOf(codePoint) & CharClass.Word) != 0 || codePoint is 0xB2 or 0xB3 or 0xB9 or 0xBC or 0xBD or 0xBE;

    public static bool IsDigit(int codePoint) => CodePoints.Category(codePoint) == UnicodeCategory.DecimalDigitNumber;

    public static bool IsHex(int codePoint) => codePoint < 128 && char.IsAsciiHexDigit((char)codePoint);

    private static bool IsAlphabetic(int codePoint) =>
        (CodePoints.ClassOf(codePoint) & (CharClass.Word | CharClass.Punctuation)) == CharClass.Word && !IsDigit(codePoint);

    /// <summary>Categories P and S.</summary>
    private static bool IsPosixPunctuation(int codePoint) => (CodePoints.ClassOf(codePoint) & (CharClass.Punctuation | CharClass.Symbol)) != 0;

    /// <summary>What is seen: neither white space nor a control, a surrogate, or unassigned.</summary>
    private static bool IsGraph(int codePoint) =>
        !CodePoints.IsWhiteSpace(codePoint) && CodePoints.Category(codePoint) is not (UnicodeCategory.Control or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned);
}
