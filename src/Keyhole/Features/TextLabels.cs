using System.Buffers;
using System.Collections.Frozen;

namespace Keyhole.Features;

/// <summary>Answers to yes-or-no questions about English texts, by rules on their words and marks; null where a rule leaves a text open.</summary>
/// <remarks>Words are longest runs of letters and apostrophes, in small letters. The rules are rough on purpose: they can be read, and they are the same for memories and null.</remarks>
internal static class TextLabels
{
    private static readonly SearchValues<char> s_doubleQuotes = SearchValues.Create("\"\u201C\u201D\u201E\u00AB\u00BB");

    // Pasts without -ed, of verbs whose present differs.
    private static readonly FrozenSet<string> s_past = Set(
        "was were wasn't weren't had hadn't did didn't said went came saw took gave made knew thought told found felt left stood sat lay began grew drew threw flew spoke broke wrote rose rode drove ate fell held kept "
        + "heard met ran sang sank drank swam won lost sent spent built bought brought caught taught fought sought sold led fed fled shook forgot got became wore bore tore swore chose froze woke hid bit slept wept swept crept meant dealt understood");

    private static readonly FrozenSet<string> s_present = Set(
        "is isn't am are aren't has hasn't does doesn't it's that's he's she's there's what's who's i'm we're they're you're i've we've you've they've");

    // Words in -ed that are no pasts.
    private static readonly FrozenSet<string> s_notPast = Set(
        "need indeed seed weed deed feed heed reed creed greed breed speed bleed freed steed exceed proceed succeed hundred sacred naked wicked wretched rugged crooked ragged kindred hatred embed biped moped");

    private static readonly FrozenSet<string> s_plural = Set("we us our ours ourselves they them their theirs themselves these those");

    private static readonly FrozenSet<string> s_singular = Set("i me my mine myself he him his himself she her hers herself it its itself this");

    /// <summary>The questions in their order.</summary>
    public static IReadOnlyList<(string Name, Func<string, bool?> Of)> All { get; } =
    [
        ("past", Past),
        ("plural", Plural),
        ("quotation", text => text.AsSpan().ContainsAny(s_doubleQuotes)),
        ("year", text => HasYear(text)),
        ("digits", text => text.AsSpan().ContainsAnyInRange('0', '9')),
    ];

    /// <summary>Whether a text is told in the past: it has a past form and none of the present; false the other way round.</summary>
    public static bool? Past(string text)
        => Either(text, word => s_past.Contains(word) || (word.Length > 3 && word.EndsWith("ed", StringComparison.Ordinal) && !s_notPast.Contains(word)), s_present.Contains);

    /// <summary>Whether a text is about several: it has a plural pronoun or demonstrative and none of the singular; false the other way round.</summary>
    public static bool? Plural(string text) => Either(text, s_plural.Contains, s_singular.Contains);

    /// <summary>Whether four digits that stand alone name a year from 1000 to 2099.</summary>
    public static bool HasYear(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        for (int start = 0; start < text.Length; start++)
        {
            int end = start;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
            {
                end++;
            }

            if (end - start == 4 && (text[start] == '1' || text.AsSpan(start, 2) is "20") && !IsLetter(text, start - 1) && !IsLetter(text, end))
            {
                return true;
            }

            start = Math.Max(start, end);
        }

        return false;
    }

    private static bool? Either(string text, Func<string, bool> isTrue, Func<string, bool> isFalse)
    {
        bool yes = false;
        bool no = false;
        foreach (string word in Words(text))
        {
            yes |= isTrue(word);
            no |= isFalse(word);
        }

        return yes == no ? null : yes;
    }

    private static IEnumerable<string> Words(string text)
    {
        for (int start = 0; start < text.Length; start++)
        {
            int end = start;
            while (end < text.Length && (char.IsLetter(text[end]) || text[end] is '\'' or '\u2019'))
            {
                end++;
            }

            if (end > start)
            {
                yield return text[start..end].Replace('\u2019', '\'').Trim('\'').ToLowerInvariant();
                start = end;
            }
        }
    }

    private static bool IsLetter(string text, int at) => (uint)at < (uint)text.Length && char.IsLetter(text[at]);

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
