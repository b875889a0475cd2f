using Keyhole.Engine;

namespace Keyhole.Search;

/// <summary>One word, or several that follow each other; capitals, and what stands between words, do not matter.</summary>
internal sealed class Phrase
{
    private readonly string[] _words;

    private Phrase(string[] words) => _words = words;

    /// <summary>Reads the words of a query; all other characters only separate them, so nothing in a query is an operator.</summary>
    /// <exception cref="InputRefusedException">KH5812: there is no word in it.</exception>
    public static Phrase Parse(string query) => TryParse(query)
        ?? throw new InputRefusedException("KH5812", $"'{query}' has no word, letter or digit to look for in triggers. Use --regex for marks and spaces, or --in values for tokens.");

    /// <summary>Reads the words of a query; null where there is none.</summary>
    public static Phrase? TryParse(string query)
    {
        string[] words = [.. TextWord.Of(query).Select(word => word.Folded)];
        return words.Length == 0 ? null : new Phrase(words);
    }

    /// <summary>The query for an index of words: every word must be there. Each is quoted, and has no quote within.</summary>
    public string ToIndexQuery() => string.Join(" AND ", _words.Distinct(StringComparer.Ordinal).Select(word => $"\"{word}\""));

    /// <summary>The same, where the last word may be the beginning of a longer one.</summary>
    public string ToPrefixQuery() => string.Join(" AND ", _words[..^1].Distinct(StringComparer.Ordinal).Select(word => $"\"{word}\"").Append($"\"{_words[^1]}\"*"));

    /// <summary>Where the phrase stands in a text, in order: UTF-16 start and end.</summary>
    public List<(int Start, int End)> Find(List<TextWord> text) => Find(text, (word, wanted) => word == wanted);

    /// <summary>The same, where the last word may be the beginning of a longer one.</summary>
    public List<(int Start, int End)> FindBeginning(List<TextWord> text) => Find(text, (word, wanted) => word.StartsWith(wanted, StringComparison.Ordinal));

    private List<(int Start, int End)> Find(List<TextWord> text, Func<string, string, bool> isLast)
    {
        var places = new List<(int, int)>();
        for (int first = 0; first + _words.Length <= text.Count; first++)
        {
            int word = 0;
            while (word < _words.Length && (word == _words.Length - 1 ? isLast(text[first + word].Folded, _words[word]) : text[first + word].Folded == _words[word]))
            {
                word++;
            }

            if (word == _words.Length)
            {
                places.Add((text[first].Start, text[first + word - 1].End));
            }
        }

        return places;
    }
}
