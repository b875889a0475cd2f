using System.Collections.Immutable;
using System.Numerics;

namespace Keyhole.Patterns;

/// <summary>Forms of a word or mark as bits: capitals, digits, punctuation, affixes.</summary>
internal static class WordForms
{
    private const int FirstAffix = 16;

    private static readonly ImmutableArray<string> FormNames =
    [
        "capitalised", "in capitals", "with a digit", "a year", "a function word", "part of a word", "a mark that ends a sentence", "a mark inside a sentence",
        "a quotation mark", "a bracket", "a dash", "another mark",
    ];

    // An ending, the letters that a word needs to have it, and endings that only look like it.
    private static readonly ImmutableArray<(string Name, string[] Endings, int Letters, string[] Unlike)> Suffixes =
    [
        ("-ing", ["ing"], 6, ["thing"]), ("-ed", ["ed"], 5, ["eed"]), ("-ly", ["ly"], 5, []), ("-s", ["s"], 4, ["ss", "us", "is"]), ("-er", ["er"], 5, []), ("-est", ["est"], 6, []),
        ("-tion", ["tion", "sion"], 6, []), ("-ness", ["ness"], 6, []), ("-ment", ["ment"], 7, []), ("-able", ["able", "ible"], 6, []), ("-al", ["al"], 5, []),
        ("-ive", ["ive"], 5, []), ("-ous", ["ous"], 5, []), ("-ful", ["ful"], 5, []), ("-ist", ["ist"], 5, []), ("-ism", ["ism"], 5, []), ("-ity", ["ity"], 5, []),
        ("-ic", ["ic"], 5, []), ("-an", ["ian", "ean"], 5, []), ("-th", ["th"], 5, []), ("-man", ["man", "men"], 5, ["women"]),
    ];

    private static readonly ImmutableArray<(string Name, int Letters)> Prefixes = [("un", 6), ("re", 6), ("dis", 7), ("inter", 8), ("over", 7)];

    /// <summary>A word or mark that begins with a capital letter.</summary>
    public const ulong Capitalised = 1 << 0;

    /// <summary>At least two letters, all of them capitals.</summary>
    public const ulong Capitals = 1 << 1;

    /// <summary>Has a digit.</summary>
    public const ulong Digit = 1 << 2;

    /// <summary>Four digits from 1000 to 2099.</summary>
    public const ulong Year = 1 << 3;

    /// <summary>A function word.</summary>
    public const ulong FunctionWord = 1 << 4;

    /// <summary>The prefix ends inside a word.</summary>
    public const ulong Part = 1 << 5;

    private const ulong EndMark = 1 << 6;
    private const ulong ClauseMark = 1 << 7;
    private const ulong Quotation = 1 << 8;
    private const ulong Bracket = 1 << 9;
    private const ulong Dash = 1 << 10;
    private const ulong OtherMark = 1 << 11;

    /// <summary>Bits of affixes.</summary>
    public static ulong Affixes { get; } = ((1UL << (Suffixes.Length + Prefixes.Length)) - 1) << FirstAffix;

    /// <summary>Bits that are looked for anywhere in a prefix; others nearly every prefix has, or only its end.</summary>
    public static ulong Anywhere { get; } = ~(FunctionWord | Part | OtherMark);

    /// <summary>The forms of a word.</summary>
    /// <param name="word">As it stands.</param>
    /// <param name="isPart">Whether more of the word follows.</param>
    /// <param name="isFunctionWord">Whether it is a function word.</param>
    public static ulong OfWord(ReadOnlySpan<char> word, bool isPart, bool isFunctionWord)
    {
        ulong forms = isPart ? Part : 0;
        forms |= isFunctionWord && !isPart ? FunctionWord : 0;
        int letters = 0;
        int capitals = 0;
        int digits = 0;
        foreach (char unit in word)
        {
            letters += char.IsLetter(unit) ? 1 : 0;
            capitals += char.IsUpper(unit) ? 1 : 0;
            digits += char.IsAsciiDigit(unit) ? 1 : 0;
        }

        forms |= char.IsUpper(word[0]) ? Capitalised : 0;
        forms |= capitals > 1 && capitals == letters ? Capitals : 0;
        forms |= digits > 0 ? Digit : 0;
        forms |= !isPart && digits == 4 && word.Length == 4 && (word[0] == '1' || word is ['2', '0', ..]) ? Year : 0;
        return isPart || isFunctionWord || letters != word.Length ? forms : forms | OfAffixes(word);
    }

    /// <summary>The form of a mark.</summary>
    public static ulong OfMark(char mark) => mark switch
    {
        '.' or '!' or '?' or '…' => EndMark,
        ',' or ';' or ':' => ClauseMark,
        '"' or '\'' or '“' or '”' or '‘' or '’' or '«' or '»' or '„' => Quotation,
        '(' or ')' or '[' or ']' or '{' or '}' => Bracket,
        '-' or '–' or '—' => Dash,
        _ => char.IsWhiteSpace(mark) ? 0 : OtherMark,
    };

    /// <summary>A bit in words.</summary>
    /// <param name="form">The bit's number.</param>
    public static string NameOf(int form) => form < FirstAffix ? FormNames[form]
        : form < FirstAffix + Suffixes.Length ? Suffixes[form - FirstAffix].Name
        : Prefixes[form - FirstAffix - Suffixes.Length].Name + "-";

    /// <summary>The number of the lowest bit, which is taken away.</summary>
    public static int Take(ref ulong forms)
    {
        int form = BitOperations.TrailingZeroCount(forms);
        forms &= forms - 1;
        return form;
    }

    private static ulong OfAffixes(ReadOnlySpan<char> word)
    {
        ulong forms = 0;
        for (int i = 0; i < Suffixes.Length; i++)
        {
            (_, string[] endings, int letters, string[] unlike) = Suffixes[i];
            if (word.Length >= letters && EndsIn(word, endings) && !EndsIn(word, unlike))
            {
                forms |= 1UL << (FirstAffix + i);
            }
        }

        for (int i = 0; i < Prefixes.Length; i++)
        {
            if (word.Length >= Prefixes[i].Letters && word.StartsWith(Prefixes[i].Name, StringComparison.OrdinalIgnoreCase))
            {
                forms |= 1UL << (FirstAffix + Suffixes.Length + i);
            }
        }

        return forms;
    }

    private static bool EndsIn(ReadOnlySpan<char> word, string[] endings)
    {
        foreach (string ending in endings)
        {
            if (word.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
