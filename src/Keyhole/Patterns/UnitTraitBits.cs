using System.Collections.Immutable;
using Keyhole.Search;
using Keyhole.Studies;

namespace Keyhole.Patterns;

/// <summary>Kinds of units as bits, told from their text alone.</summary>
internal static class UnitTraitBits
{
    private const int MostHeadlineWords = 12;
    private const int LeastWords = 2;
    private const int Commas = 4;

    private static readonly ImmutableArray<string> Names =
        ["a headline", "a quotation", "a question", "an exclamation", "a list item", "without an end mark", "a list of many commas", "in capitals", "the rest of a longer text"];

    /// <summary>The kinds of a unit.</summary>
    public static ulong Of(StudyUnit unit, List<TextWord> words)
    {
        ReadOnlySpan<char> text = unit.Text.AsSpan().Trim();
        ulong kinds = unit.Traits.HasFlag(UnitTraits.Continuation) ? 1UL << 8 : 0;
        if (text.IsEmpty)
        {
            return kinds;
        }

        char last = text.TrimEnd("\"'”’»)]")  is [.., var end] ? end : text[^1];
        bool ended = last is '.' or '!' or '?' or '…' or ':' or ';';
        int capitalised = words.Count(word => char.IsUpper(unit.Text[word.Start]));
        int longer = words.Count(word => word.End - word.Start > 3);
        int capitalisedLonger = words.Count(word => word.End - word.Start > 3 && char.IsUpper(unit.Text[word.Start]));
        kinds |= !ended && words.Count is >= LeastWords and <= MostHeadlineWords && longer > 0 && capitalisedLonger == longer && capitalised >= LeastWords ? 1UL << 0 : 0;
        kinds |= text[0] is '"' or '“' or '«' or '„' or '‘' ? 1UL << 1 : 0;
        kinds |= last == '?' ? 1UL << 2 : 0;
        kinds |= last == '!' ? 1UL << 3 : 0;
        kinds |= text[0] is '*' or '•' or '-' or '–' or '—' || (char.IsAsciiDigit(text[0]) && text.IndexOfAnyExceptInRange('0', '9') is > 0 and var mark && text[mark] is '.' or ')') ? 1UL << 4 : 0;
        kinds |= !ended ? 1UL << 5 : 0;
        kinds |= text.Count(',') >= Commas ? 1UL << 6 : 0;
        kinds |= words.Count >= LeastWords && !text.ContainsAnyInRange('a', 'z') && text.ContainsAnyInRange('A', 'Z') ? 1UL << 7 : 0;
        return kinds;
    }

    /// <summary>A kind in words.</summary>
    /// <param name="kind">The bit's number.</param>
    public static string NameOf(int kind) => Names[kind];
}
