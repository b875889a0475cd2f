using System.Globalization;
using System.Numerics;

namespace Keyhole.Patterns;

/// <summary>Says what a pattern is, from a prefix that has it.</summary>
/// <param name="piece">Decoded text of a token id, null where unknown.</param>
internal sealed class PatternNames(Func<int, string?> piece)
{
    private readonly Dictionary<ulong, string> _known = [];

    /// <summary>A candidate of a list in words, such as <c>ends in ' of the'</c>.</summary>
    public string Of(in PatternCandidate candidate, PrefixPlace[] list)
        => candidate.Class == PatternClass.Lexicon ? Lexicon(candidate, list) : Of(candidate.Key, list[BitOperations.TrailingZeroCount(candidate.Covered)]);

    private string Lexicon(PatternCandidate candidate, PrefixPlace[] list)
    {
        List<string> words = [];
        foreach (ulong key in candidate.Words)
        {
            PrefixPlace place = list.First(prefix => Place(key, prefix) >= 0);
            words.Add(Of(key, place));
        }

        return string.Join(", ", words.Select(word => word.Trim('\'')));
    }

    private string Of(ulong key, in PrefixPlace prefix)
    {
        if (!_known.TryGetValue(key, out string? name))
        {
            _known[key] = name = Name(key, prefix);
        }

        return name;
    }

    private string Name(ulong key, PrefixPlace prefix)
    {
        switch (FeatureKey.ClassOf(key))
        {
            case PatternClass.LastToken:
                return $"ends in '{Token(prefix, 0)}'";
            case PatternClass.LastBigram:
                return $"ends in '{Token(prefix, 1)}{Token(prefix, 0)}'";
            case PatternClass.TokenAtDistance:
                int distance = Numbered(PrefixPlace.Furthest + 1, number => FeatureKey.Of(PatternClass.TokenAtDistance, (ulong)prefix.Unit.Tokens[Math.Max(0, prefix.Position - number)], (ulong)number) == key);
                return string.Create(CultureInfo.InvariantCulture, $"'{Token(prefix, distance)}' {distance} before the last token");
            case PatternClass.LastAffix:
                return $"last word {Affix(Form(key, PatternClass.LastAffix))}";
            case PatternClass.LastForm:
                return $"ends in {Article(Form(key, PatternClass.LastForm))}";
            case PatternClass.FormAnywhere:
                int form = Form(key, PatternClass.FormAnywhere);
                return (WordForms.Affixes >> form & 1) != 0 ? $"has a word that {Affix(form)}" : $"has {Article(form)}";
            case PatternClass.Position:
                return PositionBins.NameOf(Form(key, PatternClass.Position));
            case PatternClass.UnitKind:
                return $"in {UnitTraitBits.NameOf(Form(key, PatternClass.UnitKind))}";
            default:
                (int start, int end) = prefix.Unit.Places[Place(key, prefix)];
                return $"'{prefix.Unit.Text[start..end].ToLowerInvariant()}'";
        }
    }

    private static int Form(ulong key, PatternClass kind) => Numbered(64, number => FeatureKey.Of(kind, (ulong)number) == key);

    private static int Numbered(int end, Func<int, bool> fits) => Enumerable.Range(0, end).First(fits);

    private static string Affix(int form) => WordForms.NameOf(form) is var name && name[0] == '-' ? $"ends in {name}" : $"begins in {name}";

    private static string Article(int form) => WordForms.NameOf(form) is var name && name.StartsWith('a') && name.Contains(' ', StringComparison.Ordinal) ? name : name switch
    {
        "capitalised" => "a capitalised word",
        "in capitals" => "a word in capitals",
        "with a digit" => "a word with a digit",
        "part of a word" => "a part of a word",
        _ => name,
    };

    // Where a key of words stands among those of a prefix's unit; -1 where the prefix does not have it.
    private static int Place(ulong key, in PrefixPlace prefix)
    {
        (int from, int to) = prefix.Unit.Within(prefix.Position);
        int place = prefix.Unit.Keys.AsSpan(from..to).IndexOf(key);
        return place < 0 ? -1 : from + place;
    }

    private string Token(in PrefixPlace prefix, int distance)
    {
        int token = prefix.Unit.Tokens[prefix.Position - distance];
        return piece(token) is { Length: > 0 } text ? text : string.Create(CultureInfo.InvariantCulture, $"#{token}");
    }
}
