using System.Numerics;
using Keyhole.Statistics;

namespace Keyhole.Patterns;

/// <summary>Finds what the prefixes of a list share, and how unlikely that is: one list after the other, on arrays that are kept.</summary>
/// <remarks>Not safe for several threads at once: one for each.</remarks>
internal sealed class ListScorer
{
    /// <summary>No more prefixes of a list are looked at.</summary>
    public const int MostPrefixes = 64;

    /// <summary>Prefixes that a pattern needs, as in the paper.</summary>
    public const int Least = Annotations.AnnotationPattern.Least;

    private const int KnownFrom = 4;   // prefixes that end in a token

    private readonly PatternReference _reference;
    private readonly LexiconFinder _lexicons;
    private readonly KeyMasks _masks = new();
    private readonly List<ulong> _keys = [];
    private readonly List<(TokenRates Rates, double Share)> _repeated = [];   // last tokens that the evidence has three times or more
    private ulong _evidence;
    private ulong _wordEvidence;
    private PrefixPlace[] _list = [];

    /// <param name="reference">The corpus.</param>
    public ListScorer(PatternReference reference)
    {
        _reference = reference;
        _lexicons = new LexiconFinder(reference);
    }

    /// <summary>Prefixes of the last list that are no copies of others.</summary>
    public int Evidence => BitOperations.PopCount(_evidence);

    /// <summary>Adds what at least three prefixes of a list share more often than prefixes of the corpus do.</summary>
    /// <param name="list">At most <see cref="MostPrefixes"/> prefixes, the best first.</param>
    /// <param name="classes">Which classes are looked for.</param>
    /// <param name="found">Receives the candidates, in the order in which their keys first came.</param>
    public void Score(PrefixPlace[] list, ClassSet classes, List<PatternCandidate> found)
    {
        _list = list;
        Count(list, classes);
        Weigh(list);
        if (Evidence < Least)
        {
            return;
        }

        for (int i = 0; i < _masks.Count; i++)
        {
            (ulong key, ulong covered) = _masks[i];
            PatternClass kind = FeatureKey.ClassOf(key);
            ulong evidence = kind is PatternClass.LastAffix or PatternClass.LastForm ? _wordEvidence : _evidence;
            int hits = BitOperations.PopCount(covered & evidence);
            if (hits < Least || !classes.Has(kind))
            {
                continue;
            }

            double corpus = _reference.Rate(key);
            double score = BinomialTail.NegativeLog10(hits, BitOperations.PopCount(evidence), Expected(key, corpus));
            if (score > 0)
            {
                found.Add(new PatternCandidate(kind, key, [], covered, hits, BitOperations.PopCount(covered) / (list.Length * corpus), score));
            }
        }

        if (classes.Has(PatternClass.Lexicon) && _lexicons.Find(_masks, _evidence, list.Length, Unexplained) is { } lexicon)
        {
            found.Add(lexicon);
        }
    }

    private void Count(ReadOnlySpan<PrefixPlace> list, ClassSet classes)
    {
        _masks.Clear();
        for (int i = 0; i < list.Length; i++)
        {
            _keys.Clear();
            list[i].AddKeys(classes, _keys);
            foreach (ulong key in _keys)
            {
                _masks.Add(key, i);
            }
        }
    }

    // What counts as evidence: of copies of a text the best, and of forms of last words each word once; and the last tokens that explain what else is shared.
    private void Weigh(ReadOnlySpan<PrefixPlace> list)
    {
        (_evidence, _wordEvidence) = (0, 0);
        for (int i = 0; i < list.Length; i++)
        {
            if (!IsCopy(list, i))
            {
                _evidence |= 1UL << i;
                _wordEvidence |= HasWord(list, i) ? 0 : 1UL << i;
            }
        }

        _repeated.Clear();
        for (int i = 0; i < list.Length; i++)
        {
            ulong same = 0;
            for (int j = 0; j < list.Length; j++)
            {
                same |= list[j].Last == list[i].Last ? 1UL << j : 0;
            }

            same &= _evidence;
            if (BitOperations.TrailingZeroCount(same) == i && BitOperations.PopCount(same) >= Least)
            {
                _repeated.Add((_reference.Given(list[i].Last), (double)BitOperations.PopCount(same) / Evidence));
            }
        }
    }

    private bool IsCopy(ReadOnlySpan<PrefixPlace> list, int at)
    {
        for (int i = 0; i < at; i++)
        {
            if ((_evidence >> i & 1) != 0 && list[at].IsCopyOf(list[i]))
            {
                return true;
            }
        }

        return false;
    }

    private bool HasWord(ReadOnlySpan<PrefixPlace> list, int at)
    {
        for (int i = 0; i < at; i++)
        {
            if ((_wordEvidence >> i & 1) != 0 && list[i].Unit.LastWords[list[i].Position] == list[at].Unit.LastWords[list[at].Position])
            {
                return true;
            }
        }

        return false;
    }

    // How often a prefix has a key: of those that end in a token of which the list has several, as often as the corpus's prefixes that end in it; of others, as often as any.
    private double Expected(ulong key, double corpus)
    {
        const double Least = 1e-12;
        if (PatternClasses.Ends.Has(FeatureKey.ClassOf(key)))
        {
            return corpus;
        }

        double rate = 0;
        double rest = 1;
        foreach ((TokenRates rates, double share) in _repeated)
        {
            rate += share * rates.Of(key, corpus);
            rest -= share;
        }

        return Math.Clamp(rate + (Math.Max(0, rest) * corpus), Least, 1 - Least);
    }

    // The evidence whose last token does not bring a word of a field with it: of those that have the word by other prefixes than the one itself.
    private ulong Unexplained(ulong key, double corpus, ulong having)
    {
        const double Brings = 3;   // so many times as often as in the corpus
        ulong unexplained = 0;
        for (ulong rest = _evidence; rest != 0; rest &= rest - 1)
        {
            int prefix = BitOperations.TrailingZeroCount(rest);
            int last = _list[prefix].Last;
            bool explained = _reference.EndingIn(last).Length >= KnownFrom && _reference.Given(last).Of(key, corpus, (int)(having >> prefix & 1)) > Brings * corpus;
            unexplained |= explained ? 0 : 1UL << prefix;
        }

        return unexplained;
    }
}
