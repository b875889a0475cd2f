using Keyhole.Statistics;

namespace Keyhole.Patterns;

/// <summary>
/// What decoy lists of one kind reach: makes the scores of all classes comparable, and says how often the best of a whole search is as good as a pattern. Two steps: the tail of a
/// score among the decoys' best scores of its class (above their 95% quantile continued as an exponential, so that there are no ties), then the rank of that tail among each
/// decoy's smallest tail over all classes. The second is a rank among lists that were searched in the same way, whatever the first is like (Westfall and Young 1993, min-P).
/// </summary>
internal sealed class DecoyScale
{
    private const double Body = 0.95;
    private static readonly double LeastExcess = 1 / Math.Log(10);   // the mean excess of -log10 of a uniform number

    private readonly double[][] _best;   // by class, ascending
    private readonly double[] _cut;
    private readonly double[] _excess;
    private readonly double[] _tails;   // each decoy's smallest, ascending

    /// <param name="decoys">Each decoy's best score by class, 0 where it has none; shape [N, classes].</param>
    public DecoyScale(double[][] decoys)
    {
        _best = [.. Enumerable.Range(0, PatternClasses.Count).Select(kind => decoys.Select(best => best[kind]).Order().ToArray())];
        _cut = [.. _best.Select(best => Quantile.OfSorted(best, Body))];
        _excess = [.. _best.Select((best, kind) => MeanExcess(best, _cut[kind]))];
        _tails = [.. decoys.Select(best => Enumerable.Range(0, PatternClasses.Count).Min(kind => TailOf((PatternClass)kind, best[kind]))).Order()];
    }

    /// <summary>The share of decoys whose best pattern over all classes stands out as much: (1 + those) / (1 + N).</summary>
    public double P(in PatternCandidate candidate)
    {
        double tail = TailOf(candidate.Class, candidate.Score);
        return (1.0 + Count(_tails, tail, inclusive: true)) / (1 + _tails.Length);
    }

    private double TailOf(PatternClass kind, double score)
    {
        double[] best = _best[(int)kind];
        double cut = _cut[(int)kind];
        double above = Math.Max(1, best.Length - Count(best, cut, inclusive: true)) / (1.0 + best.Length);
        return score <= 0 ? 1
            : score <= cut ? (1.0 + best.Length - Count(best, score, inclusive: false)) / (1 + best.Length)
            : above * Math.Exp(-(score - cut) / _excess[(int)kind]);
    }

    private static double MeanExcess(double[] best, double cut)
    {
        double[] above = [.. best.Where(score => score > cut).Select(score => score - cut)];
        return above.Length == 0 ? LeastExcess : Math.Max(LeastExcess, above.Average());
    }

    // Entries below a value, or up to it.
    private static int Count(double[] sorted, double value, bool inclusive)
    {
        int low = 0;
        int high = sorted.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (sorted[middle] < value || (inclusive && sorted[middle] == value))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
