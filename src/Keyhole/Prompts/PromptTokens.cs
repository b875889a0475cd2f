using System.Collections.Immutable;
using Keyhole.Corpora;
using Keyhole.Engine;
using Keyhole.Engine.Tokens;
using Keyhole.Mining;

namespace Keyhole.Prompts;

/// <summary>A prompt as tokens, with the first token of every word that is looked for.</summary>
/// <param name="Ids">Tokens of the prompt; shape [T].</param>
/// <param name="Answer">First token of the answer.</param>
/// <param name="AnswerIsCut">Whether the answer has more.</param>
/// <param name="Subject">First token of the subject as a continuation; -1 without one.</param>
/// <param name="Competitors">First tokens of the competitors, none twice, without the answer's.</param>
/// <param name="Associates">The same of the associates.</param>
internal sealed record PromptTokens(int[] Ids, int Answer, bool AnswerIsCut, int Subject, ImmutableArray<int> Competitors, ImmutableArray<int> Associates)
{
    private const ulong ShuffleStream = 0x73687566;
    private const int MostShifts = 64;

    /// <summary>Tokenises a prompt and its words; a word is read as what follows the prompt, with a space between unless the prompt ends in white space.</summary>
    /// <exception cref="InputRefusedException">KH5305: the prompt or its answer has no token.</exception>
    public static PromptTokens Of(PromptEntry entry, Tokenizer tokenizer, BosPolicy bos)
    {
        int[] ids = Begin(entry.Prompt, tokenizer, bos);
        if (ids.Length == 0)
        {
            throw new InputRefusedException("KH5305", $"the prompt '{entry.Prompt}' of set '{entry.Set}' has no token in this model's vocabulary.");
        }

        int[] answer = Continuation(entry.Prompt, entry.Answer, tokenizer);
        if (answer.Length == 0)
        {
            throw new InputRefusedException("KH5305", $"the answer '{entry.Answer}' of '{entry.Prompt}' (set '{entry.Set}') has no token in this model's vocabulary.");
        }

        ImmutableArray<int> First(IEnumerable<string> words) => [.. words.Select(word => Continuation(entry.Prompt, word, tokenizer)).Where(tokens => tokens.Length > 0).Select(tokens => tokens[0]).Where(token => token != answer[0]).Distinct()];
        return new PromptTokens(ids, answer[0], answer.Length > 1, entry.Subject is null ? -1 : Continuation(entry.Prompt, entry.Subject, tokenizer).FirstOrDefault(-1), First(entry.Competitors), First(entry.Associates));
    }

    /// <summary>
    /// The answer of another prompt of its set for each prompt, -1 where there is none: the prompts of a set stand in a random circle, and all look the same number
    /// of steps ahead, as few as bring the fewest of them to an answer that is their own.
    /// </summary>
    public static int[] ShuffledAnswers(IReadOnlyList<PromptEntry> entries, IReadOnlyList<PromptTokens> tokens, ulong seed)
    {
        int[] shuffled = [.. Enumerable.Repeat(-1, entries.Count)];
        foreach (IGrouping<string, int> set in Enumerable.Range(0, entries.Count).GroupBy(i => entries[i].Set))
        {
            int[] circle = [.. set.OrderBy(i => CounterHash.Hash(seed, ShuffleStream, (ulong)i))];
            if (circle.Length < 2)
            {
                continue;
            }

            int Other(int place, int shift) => tokens[circle[(place + shift) % circle.Length]].Answer;
            int best = Enumerable.Range(1, Math.Min(circle.Length - 1, MostShifts)).MinBy(shift => Enumerable.Range(0, circle.Length).Count(place => Other(place, shift) == tokens[circle[place]].Answer));
            for (int place = 0; place < circle.Length; place++)
            {
                int other = Other(place, best);
                shuffled[circle[place]] = other == tokens[circle[place]].Answer ? -1 : other;
            }
        }

        return shuffled;
    }

    /// <summary>Tokens that a word has after the prompt. Where the two run together in one token, the word is read by itself.</summary>
    /// <param name="prompt">The prompt, not empty.</param>
    /// <param name="word">The word.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    public static int[] Continuation(string prompt, string word, Tokenizer tokenizer)
    {
        string gap = char.IsWhiteSpace(prompt[^1]) ? string.Empty : " ";
        int[] alone = tokenizer.Encode(prompt, addSpecialTokens: false).Ids;
        int[] joined = tokenizer.Encode(prompt + gap + word, addSpecialTokens: false).Ids;
        return joined.Length > alone.Length && joined.AsSpan().StartsWith(alone) ? joined[alone.Length..] : tokenizer.Encode(gap + word, addSpecialTokens: false).Ids;
    }

    /// <summary>The tokens of a prompt. It goes on, so special tokens that the tokenizer puts behind a text are left out.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="bos">Whether it begins with BOS.</param>
    /// <exception cref="InputRefusedException">KH5004: BOS is wanted always, and the tokenizer names none.</exception>
    public static int[] Begin(string prompt, Tokenizer tokenizer, BosPolicy bos)
    {
        Encoding encoding = BosEncoding.Encode(tokenizer, prompt, bos);
        int end = encoding.Ids.Length;
        while (end > 1 && encoding.Offsets[end - 1] is var place && place.Start == place.End && tokenizer.IsSpecial(encoding.Ids[end - 1]))
        {
            end--;
        }

        return encoding.Ids[..end];
    }
}
