namespace Keyhole.Statistics;

/// <summary>How well scores put the positions where a property holds above the others, at no threshold in particular.</summary>
/// <remarks>
/// Both measures depend on the order of the scores alone, so they can also be taken from counts in bins of scores: exactly where each bin holds one score, and as if all of a bin
/// were ties where it holds more. NaN where one of the two classes is missing (average precision: where the property never holds).
/// </remarks>
public static class Ranking
{
    /// <summary>
    /// Area under the ROC curve: the probability that a position with the property scores above one without, a tie counting half (Mann and Whitney 1947; Hanley and McNeil 1982).
    /// </summary>
    /// <param name="scores">One for each position, none of them NaN.</param>
    /// <param name="labels">Whether the property holds there.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a score is NaN.</exception>
    public static double Auroc(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels)
    {
        (long[] positives, long[] negatives) = Groups(scores, labels);
        return Auroc(positives, negatives);
    }

    /// <inheritdoc cref="Auroc(ReadOnlySpan{double}, ReadOnlySpan{bool})"/>
    public static double Auroc(ReadOnlySpan<float> scores, ReadOnlySpan<bool> labels) => Auroc(Widened(scores), labels);

    /// <summary>The same from counts in bins of scores.</summary>
    /// <param name="positives">Positions with the property by bin, lowest scores first.</param>
    /// <param name="negatives">Those without, by the same bins.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double Auroc(ReadOnlySpan<long> positives, ReadOnlySpan<long> negatives)
    {
        RequireBins(positives, negatives);
        long holds = 0, below = 0;
        Int128 halves = 0;   // twice the number of pairs in order, a tie counting one
        for (int bin = 0; bin < positives.Length; bin++)
        {
            halves += (Int128)positives[bin] * ((2 * below) + negatives[bin]);
            holds += positives[bin];
            below += negatives[bin];
        }

        return holds == 0 || below == 0 ? double.NaN : (double)halves / (2.0 * holds * below);
    }

    /// <summary>
    /// Average precision: the sum over distinct scores, from the highest, of (recall - recall before) * precision, all positions of one score being taken in together
    /// (scikit-learn's definition: steps, no interpolation).
    /// </summary>
    /// <param name="scores">One for each position, none of them NaN.</param>
    /// <param name="labels">Whether the property holds there.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a score is NaN.</exception>
    public static double AveragePrecision(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels)
    {
        (long[] positives, long[] negatives) = Groups(scores, labels);
        return AveragePrecision(positives, negatives);
    }

    /// <inheritdoc cref="AveragePrecision(ReadOnlySpan{double}, ReadOnlySpan{bool})"/>
    public static double AveragePrecision(ReadOnlySpan<float> scores, ReadOnlySpan<bool> labels) => AveragePrecision(Widened(scores), labels);

    /// <summary>The same from counts in bins of scores.</summary>
    /// <param name="positives">Positions with the property by bin, lowest scores first.</param>
    /// <param name="negatives">Those without, by the same bins.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double AveragePrecision(ReadOnlySpan<long> positives, ReadOnlySpan<long> negatives)
    {
        RequireBins(positives, negatives);
        long right = 0, wrong = 0;
        double sum = 0;
        for (int bin = positives.Length - 1; bin >= 0; bin--)
        {
            right += positives[bin];
            wrong += negatives[bin];
            sum += positives[bin] == 0 ? 0 : (double)positives[bin] * right / (right + wrong);
        }

        return right == 0 ? double.NaN : sum / right;
    }

    /// <summary>Refuses scores that cannot be ordered.</summary>
    /// <exception cref="ArgumentException">The lengths differ, or a score is NaN.</exception>
    internal static void Require(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels)
    {
        if (scores.Length != labels.Length)
        {
            throw new ArgumentException($"There are {scores.Length} scores and {labels.Length} labels.");
        }

        for (int i = 0; i < scores.Length; i++)
        {
            if (double.IsNaN(scores[i]))
            {
                throw new ArgumentException($"Score {i} is NaN, which has no place in an order.");
            }
        }
    }

    // Positions with and without the property by distinct score, lowest first; -0 and 0 are one score.
    private static (long[] Positives, long[] Negatives) Groups(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels)
    {
        Require(scores, labels);
        double[] sorted = scores.ToArray();
        bool[] holds = labels.ToArray();
        Array.Sort(sorted, holds);
        long[] positives = new long[sorted.Length];
        long[] negatives = new long[sorted.Length];
        int groups = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            groups += i == 0 || sorted[i] != sorted[i - 1] ? 1 : 0;
            (holds[i] ? positives : negatives)[groups - 1]++;
        }

        Array.Resize(ref positives, groups);
        Array.Resize(ref negatives, groups);
        return (positives, negatives);
    }

    private static double[] Widened(ReadOnlySpan<float> scores)
    {
        double[] wide = new double[scores.Length];
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] = scores[i];
        }

        return wide;
    }

    private static void RequireBins(ReadOnlySpan<long> positives, ReadOnlySpan<long> negatives)
    {
        if (positives.Length != negatives.Length)
        {
            throw new ArgumentException($"There are {positives.Length} bins with the property and {negatives.Length} without.");
        }
    }
}
