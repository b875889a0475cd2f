using System.Collections.Immutable;
using System.Numerics;

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
    private const double LeastOdds = 1.96;
    private const double LeastLift = 2;

    private readonly List<(ulong Key, ulong Mask, double Odds, double Share)> _words = [];

    /// <summary>The words that stand out, the most over-represented first, each of which adds a prefix to those of the words before it; null of fewer than three words or prefixes.</summary>
    /// <param name="masks">What prefixes have which key.</param>
    /// <param name="evidence">Prefixes that are no copies.</param>
    /// <param name="prefixes">Prefixes of the list.</param>
    /// <param name="expected">How often prefixes like those of the list have a key, given how often those of the corpus do: on average.</param>
    /// <param name="expectedOf">The same of one prefix.</param>
    public PatternCandidate? Find(KeyMasks masks, ulong evidence, int prefixes, Func<ulong, double, double> expected, Func<ulong, double, int, double> expectedOf)
    {
        Gather(masks, evidence, expected);
        ImmutableArray<ulong>.Builder chosen = ImmutableArray.CreateBuilder<ulong>(MostWords);
        Span<double> gains = stackalloc double[ListScorer.MostPrefixes];
        gains.Clear();
        ulong covered = 0;
        double corpus = 0;
        foreach ((ulong key, ulong mask, _, double share) in _words)
        {
            if (chosen.Count < MostWords && (mask & evidence & ~covered) != 0)
            {
                double rate = reference.Rate(key);
                chosen.Add(key);
                covered |= mask;
                corpus += rate;
                for (ulong rest = mask & evidence; rest != 0; rest &= rest - 1)
                {
                    int prefix = BitOperations.TrailingZeroCount(rest);
                    gains[prefix] = Math.Max(gains[prefix], Math.Log10(share / expectedOf(key, rate, prefix)));
                }
            }
        }

        int hits = BitOperations.PopCount(covered & evidence);
        if (chosen.Count < LeastWords || hits < ListScorer.Least)
        {
            return null;
        }

        double score = 0;
        foreach (double gain in gains)
        {
            score += gain;
        }

        return new PatternCandidate(PatternClass.Lexicon, 0, chosen.ToImmutable(), covered, hits, BitOperations.PopCount(covered) / (prefixes * Math.Min(1, corpus)), score);
    }

    private void Gather(KeyMasks masks, ulong evidence, Func<ulong, double, double> expected)
    {
        _words.Clear();
        double all = 0;   // pairs of a prefix and a word that it has
        for (int i = 0; i < masks.Count; i++)
        {
            (ulong key, ulong mask) = masks[i];
            all += FeatureKey.ClassOf(key) == PatternClass.Word ? BitOperations.PopCount(mask & evidence) : 0;
        }

        double prefixes = BitOperations.PopCount(evidence);
        for (int i = 0; i < masks.Count; i++)
        {
            (ulong key, ulong mask) = masks[i];
            int hits = BitOperations.PopCount(mask & evidence);
            if (FeatureKey.ClassOf(key) != PatternClass.Word || hits < LeastPrefixes)
            {
                continue;
            }

            double rate = expected(key, reference.Rate(key));
            double lift = hits / (prefixes * rate);
            double odds = LogOdds(hits, all, reference.Rate(key) * (reference.All.Length + 1), reference.WordPairs);
            if (lift >= LeastLift && odds >= LeastOdds)
            {
                _words.Add((key, mask, odds, hits / prefixes));
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
