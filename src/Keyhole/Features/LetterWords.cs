using Keyhole.Corpora;
using Keyhole.Studies;

namespace Keyhole.Features;

/// <summary>Words of the sampled texts that are one token each, every word once, and the letters that enough of them begin with.</summary>
internal sealed class LetterWords
{
    /// <summary>Words with a letter that each half must have.</summary>
    public const int LeastWords = 10;

    /// <summary>Words that are kept at most.</summary>
    public const int MostWords = 2000;

    private const ulong SplitStream = 0x6665_0004;
    private const ulong ChoiceStream = 0x6665_0005;
    private const int Alphabet = 26;

    /// <param name="positions">The position of each word in the sample.</param>
    /// <param name="letters">Its first letter, 0 for a.</param>
    /// <param name="heldOut">Whether it is held out.</param>
    public LetterWords(int[] positions, int[] letters, bool[] heldOut)
    {
        (Positions, Letters, HeldOut) = (positions, letters, heldOut);
        Asked = [.. Enumerable.Range(0, Alphabet).Where(letter => Count(letter, false) >= LeastWords && Count(letter, true) >= LeastWords)];
    }

    /// <summary>The position of each word in the sample: where it stands first.</summary>
    public int[] Positions { get; }

    /// <summary>The first letter of each word, 0 for a.</summary>
    public int[] Letters { get; }

    /// <summary>Whether each word is held out; the others are for fitting.</summary>
    public bool[] HeldOut { get; }

    /// <summary>Letters that enough words of both halves begin with.</summary>
    public int[] Asked { get; }

    /// <summary>Finds the words.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="seed">Which words, and which half each is in.</param>
    public static LetterWords Find(FeatureSample sample, ulong seed)
    {
        var first = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (FeatureText text in sample.Texts)
        {
            for (int i = 0; i < text.Count; i++)
            {
                if (WordAt(text.Unit, text.First + i) is { } word)
                {
                    first.TryAdd(word, text.Start + i);
                }
            }
        }

        // A word's number is its place among all of them in alphabetical order.
        (string Word, int Position, ulong Number)[] words = [.. first.Select((word, number) => (word.Key, word.Value, (ulong)number))];
        words = [.. words.OrderBy(word => CounterHash.Hash(seed ^ ChoiceStream, word.Number)).Take(MostWords).OrderBy(word => word.Position)];
        return new LetterWords([.. words.Select(word => word.Position)], [.. words.Select(word => word.Word[0] - 'a')], [.. words.Select(word => (CounterHash.Hash(seed ^ SplitStream, word.Number) & 1) == 1)]);
    }

    /// <summary>The word that one token is, in small letters: two or more letters a to z, with none of any script beside them; null where the token is no such word.</summary>
    internal static string? WordAt(StudyUnit unit, int position)
    {
        TokenSpan span = unit.Spans[position];
        if (span.IsEmpty)
        {
            return null;
        }

        (int start, int end) = (TriggerText.Utf16Index(unit.Text, span.Start), TriggerText.Utf16Index(unit.Text, span.End));
        while (start < end && char.IsWhiteSpace(unit.Text[start]))
        {
            start++;
        }

        ReadOnlySpan<char> word = unit.Text.AsSpan(start, end - start);
        bool alone = (start == 0 || !char.IsLetter(unit.Text[start - 1])) && (end == unit.Text.Length || !char.IsLetter(unit.Text[end]));
        if (!alone || word.Length < 2)
        {
            return null;
        }

        foreach (char letter in word)
        {
            if (!char.IsAsciiLetter(letter))
            {
                return null;
            }
        }

        return word.ToString().ToLowerInvariant();
    }

    private int Count(int letter, bool heldOut)
    {
        int count = 0;
        for (int word = 0; word < Letters.Length; word++)
        {
            count += Letters[word] == letter && HeldOut[word] == heldOut ? 1 : 0;
        }

        return count;
    }
}
