using Keyhole.Composition;
using Keyhole.Search;
using Keyhole.Studies;

namespace Keyhole.Patterns;

/// <summary>Reads the features of units.</summary>
/// <param name="functionWords">Which words are function words.</param>
internal sealed class UnitReader(StopWords functionWords)
{
    private const int LongestNGram = 4;
    private const int LeastLetters = 2;   // of a content word

    private readonly List<ulong> _keys = [];
    private readonly List<int> _ends = [];
    private readonly List<(int, int)> _places = [];

    /// <summary>The features of a unit.</summary>
    public UnitFeatures Read(StudyUnit unit)
    {
        _keys.Clear();
        _ends.Clear();
        _places.Clear();
        List<TextWord> words = TextWord.Of(unit.Text);
        var tokens = new TextPlaces(unit);
        int length = unit.Tokens.Length;
        var lastForms = new ulong[length];
        var lastWords = new ulong[length];
        var before = new ulong[length];
        int word = 0;
        for (int position = 0; position < length; position++)
        {
            int end = tokens.End(position);
            before[position] = position == 0 ? 0 : before[position - 1];
            while (word < words.Count && words[word].End <= end)
            {
                before[position] |= Add(unit.Text, words, word++, position);
            }

            (lastForms[position], lastWords[position]) = Last(unit, words, word, position, position == 0 ? 0 : tokens.End(position - 1), end);
            before[position] |= IsWord(words, word, end) ? 0 : lastForms[position] & WordForms.Anywhere;
        }

        return new UnitFeatures
        {
            Index = unit.Index,
            Text = unit.Text,
            Tokens = [.. unit.Tokens],
            First = length > 0 && unit.Spans[0].IsEmpty ? 1 : 0,
            Keys = [.. _keys],
            Ends = [.. _ends],
            Places = [.. _places],
            LastForms = lastForms,
            LastWords = lastWords,
            FormsBefore = before,
            Kinds = UnitTraitBits.Of(unit, words),
        };
    }

    // Takes a word that a token completes, and the n-grams that it ends; gives its forms.
    private ulong Add(string text, List<TextWord> words, int at, int position)
    {
        TextWord word = words[at];
        bool isFunctionWord = functionWords.ContainsWord(word.Folded);
        ulong hash = FeatureKey.Text(word.Folded);
        if (isFunctionWord)
        {
            Keep(FeatureKey.Of(PatternClass.FunctionWord, hash), position, word.Start, word.End);
        }
        else if (word.End - word.Start >= LeastLetters && char.IsLetter(text[word.Start]))
        {
            Keep(FeatureKey.Of(PatternClass.Word, hash), position, word.Start, word.End);
        }

        for (int n = 2; n <= LongestNGram && at - n + 1 >= 0; n++)
        {
            TextWord first = words[at - n + 1];
            hash = FeatureKey.Of(PatternClass.NGram, hash, FeatureKey.Text(first.Folded));
            Keep(hash, position, first.Start, word.End);
        }

        ulong forms = WordForms.OfWord(text.AsSpan(word.Start..word.End), isPart: false, isFunctionWord) & WordForms.Anywhere;
        return at == 0 ? forms & ~WordForms.Capitalised : forms;   // the first word of a sentence says nothing by its capital
    }

    private void Keep(ulong key, int position, int start, int end)
    {
        _keys.Add(key);
        _ends.Add(position);
        _places.Add((start, end));
    }

    // What the prefix ends in: a word, the part of one that the token leaves off in, or a mark. A token that adds no text is known by its id.
    private (ulong Forms, ulong Word) Last(StudyUnit unit, List<TextWord> words, int next, int position, int from, int end)
    {
        if (end == from)
        {
            return (0, FeatureKey.Of(PatternClass.LastToken, (ulong)unit.Tokens[position]));
        }

        if (next < words.Count && words[next].Start < end)
        {
            ReadOnlySpan<char> part = unit.Text.AsSpan(words[next].Start..end);
            return (WordForms.OfWord(part, isPart: true, isFunctionWord: false), FeatureKey.Of(PatternClass.LastForm, FeatureKey.Text(part)));
        }

        if (next > 0 && words[next - 1].End == end)
        {
            TextWord word = words[next - 1];
            return (WordForms.OfWord(unit.Text.AsSpan(word.Start..end), isPart: false, functionWords.ContainsWord(word.Folded)), FeatureKey.Of(PatternClass.Word, FeatureKey.Text(word.Folded)));
        }

        return (WordForms.OfMark(unit.Text[end - 1]), FeatureKey.Of(PatternClass.LastToken, (ulong)unit.Tokens[position]));
    }

    private static bool IsWord(List<TextWord> words, int next, int end)
        => (next < words.Count && words[next].Start < end) || (next > 0 && words[next - 1].End == end);
}
