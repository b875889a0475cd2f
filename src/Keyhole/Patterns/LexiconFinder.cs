using System.Collections.Immutable;
using System.Numerics;
using Keyhole.Statistics;

namespace Keyhole.Patterns;

/// <summary>
/// Finds the content words that are over-represented in a list: by their log-odds against the corpus with an informative Dirichlet prior, over its standard deviation (Monroe,
/// Colaresi and Quinn 2008, "Fightin' words", equations 16, 20 and 22, with word w's prior count <c>n y'_w / n'</c>).
/// </summary>
/// <param name="reference">The corpus.</param>
internal sealed class LexiconFinder(PatternReference reference)
{
    private const int LeastWords = 3;
    private const int MostWords = 12;
    private const int LeastPrefixes = 2;   // that share a word
    private const double LeastOdds = 3;
    private const double LeastLift = 2;

    private readonly List<(ulong Key, ulong Mask, double Odds, ulong Counted)> _words = [];

    /// <summary>The words that stand out, the most over-represented first, each of which adds a prefix to those of the words before it; null of fewer than three words or prefixes.</summary>
    /// <param name="masks">What prefixes have which key.</param>
    /// <param name="evidence">Prefixes that are no copies.</param>
    /// <param name="prefixes">Prefixes of the list.</param>
    /// <param name="unexplained">Of a word, how often prefixes of the corpus have it, and those of the list that do: the evidence whose last tokens do not explain it.</param>
    public PatternCandidate? Find(KeyMasks masks, ulong evidence, int prefixes, Func<ulong, double, ulong, ulong> unexplained)
    {
        Gather(masks, evidence, unexplained);
        ImmutableArray<ulong>.Builder chosen = ImmutableArray.CreateBuilder<ulong>(MostWords);
        ulong covered = 0;
        double corpus = 0;
        double score = 0;
        foreach ((ulong key, ulong mask, _, ulong counted) in _words)
        {
            if (chosen.Count < MostWords && (mask & evidence & ~covered) != 0)
            {
                double rate = reference.Rate(key);
                score += BinomialTail.NegativeLog10(BitOperations.PopCount(mask & counted & ~covered), BitOperations.PopCount(counted), rate);
                chosen.Add(key);
                covered |= mask;
                corpus += rate;
            }
        }

        int hits = BitOperations.PopCount(covered & evidence);
        return chosen.Count < LeastWords || hits < ListScorer.Least ? null
            : new PatternCandidate(PatternClass.Lexicon, 0, chosen.ToImmutable(), covered, hits, BitOperations.PopCount(covered) / (prefixes * Math.Min(1, corpus)), score);
    }

    private void Gather(KeyMasks masks, ulong evidence, Func<ulong, double, ulong, ulong> unexplained)
    {
        _words.Clear();
        double all = 0;   // pairs of a prefix and a word that it has
        for (int i = 0; i < masks.Count; i++)
        {
            (ulong key, ulong mask) = masks[i];
            all += FeatureKey.ClassOf(key) == PatternClass.Word ? BitOperations.PopCount(mask & evidence) : 0;
        }

        for (int i = 0; i < masks.Count; i++)
        {
            (ulong key, ulong mask) = masks[i];
            int hits = BitOperations.PopCount(mask & evidence);
            if (FeatureKey.ClassOf(key) != PatternClass.Word || hits < LeastPrefixes)
            {
                continue;
            }

            double corpus = reference.Rate(key);
            double odds = LogOdds(hits, all, corpus * (reference.All.Length + 1), reference.WordPairs);
            if (odds < LeastOdds)
            {
                continue;
            }

            ulong counted = unexplained(key, corpus, mask);
            int left = BitOperations.PopCount(mask & counted);
            if (left >= LeastPrefixes && left >= LeastLift * BitOperations.PopCount(counted) * corpus)
            {
                _words.Add((key, mask, odds, counted));
            }
        }

        _words.Sort((x, y) => y.Odds.CompareTo(x.Odds) is not 0 and var order ? order : x.Key.CompareTo(y.Key));
    }

    private static double LogOdds(double hits, double all, double corpusHits, double corpusAll)
    {
        double prior = all * corpusHits / corpusAll;
        double list = hits + prior;
        double corpus = corpusHits + prior;
        double delta = Math.Log(list / (all + all - list)) - Math.Log(corpus / (corpusAll + all - corpus));
        return delta / Math.Sqrt((1 / list) + (1 / corpus));
    }
}
