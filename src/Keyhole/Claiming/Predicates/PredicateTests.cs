using System.Collections.Frozen;
using System.Collections.Immutable;
using Keyhole.Claiming.Files;
using Keyhole.Engine;
using Keyhole.Search;

namespace Keyhole.Claiming.Predicates;

/// <summary>Makes the predicates of claims ready for texts.</summary>
/// <param name="tokens">The vocabulary.</param>
/// <param name="labels">Labels; null where no file was given.</param>
internal sealed class PredicateTests(TokenTexts tokens, LabelFile? labels)
{
    /// <summary>The test of a claim; null of one that depends on the memory (<see cref="PredicateKind.ValueTop"/>).</summary>
    /// <exception cref="InputRefusedException">KH7804: a regular expression; KH7805: a token or word; KH7806: there is no file of labels.</exception>
    public PositionTest? Of(MemoryClaim claim)
    {
        ClaimPredicate predicate = claim.Predicate;
        return predicate.Kind switch
        {
            PredicateKind.Tokens => new TokenTest(predicate.On, tokens.Named(claim.Name, "tokens", predicate.Entries, predicate.IgnoreCase)),
            PredicateKind.Regex => RegexTest.Create(claim.Name, predicate, tokens),
            PredicateKind.Ngram => new NgramTest(predicate.On, Sequences(claim)),
            PredicateKind.Words => new WordTest(predicate.On, Words(claim)),
            PredicateKind.Label => new LabelTest(predicate.On, predicate.Text!, labels
                ?? throw new InputRefusedException("KH7806", $"claim '{claim.Name}': the field 'label' needs a file of labels, which tells of every position; give it with --labels.")),
            _ => null,
        };
    }

    private ImmutableArray<FrozenSet<int>>[] Sequences(MemoryClaim claim)
    {
        ClaimPredicate predicate = claim.Predicate;
        return predicate.Text is { } text
            ? tokens.Sequences(text, predicate.IgnoreCase)
            : [[.. predicate.Entries.Select(entry => tokens.Named(claim.Name, "ngram", [entry], predicate.IgnoreCase))]];
    }

    private static FrozenSet<string> Words(MemoryClaim claim) => claim.Predicate.Entries.Select(entry =>
    {
        List<TextWord> words = TextWord.Of(entry.Text!);
        return words is [{ } word]
            ? word.Folded
            : throw new InputRefusedException("KH7805", $"claim '{claim.Name}': the field 'words' holds '{ClaimFields.Shortened(entry.Text!)}', which is {(words.Count == 0 ? "no word" : "more than one word")}; a word is a run of letters, marks and digits.");
    }).ToFrozenSet(StringComparer.Ordinal);
}
