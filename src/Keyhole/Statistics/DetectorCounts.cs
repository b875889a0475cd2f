namespace Keyhole.Statistics;

/// <summary>How often a detector fires where a property holds and where it does not, and the measures that follow. A measure whose denominator is zero is NaN.</summary>
/// <param name="Tp">Fires, and the property holds (true positives).</param>
/// <param name="Fp">Fires, and it does not hold (false positives).</param>
/// <param name="Fn">Silent, and it holds (false negatives).</param>
/// <param name="Tn">Silent, and it does not hold (true negatives).</param>
public readonly record struct DetectorCounts(long Tp, long Fp, long Fn, long Tn)
{
    /// <summary>All positions: n.</summary>
    public long Total => Tp + Fp + Fn + Tn;

    /// <summary>P(property | fires) = tp / (tp + fp).</summary>
    public double Precision => new Share(Tp, Tp + Fp).Value;

    /// <summary>P(fires | property) = tp / (tp + fn).</summary>
    public double Recall => new Share(Tp, Tp + Fn).Value;

    /// <summary>P(no property | silent) = tn / (fn + tn). Near 1 for every rare property: read the base rate beside it.</summary>
    public double NegativeGivenInactive => new Share(Tn, Fn + Tn).Value;

    /// <summary>P(property) = (tp + fn) / n.</summary>
    public double BaseRate => new Share(Tp + Fn, Total).Value;

    /// <summary>Harmonic mean of precision and recall: 2 tp / (2 tp + fp + fn), which is 0 and not undefined where the detector never fires.</summary>
    public double F1 => new Share(2 * Tp, (2 * Tp) + Fp + Fn).Value;

    /// <summary>How much more often the property holds where the detector fires than anywhere: precision / base rate.</summary>
    public double Lift => Precision / BaseRate;

    /// <summary>
    /// Correlation of two yes-or-no variables (Yule 1912; Matthews's coefficient): (tp tn - fp fn) / sqrt((tp + fp) (tp + fn) (tn + fp) (tn + fn)); the difference is taken in
    /// whole numbers.
    /// </summary>
    public double Phi
    {
        get
        {
            double difference = (double)(((Int128)Tp * Tn) - ((Int128)Fp * Fn));
            double square = ((double)Tp + Fp) * ((double)Tp + Fn) * ((double)Tn + Fp) * ((double)Tn + Fn);
            return square == 0 ? double.NaN : difference / Math.Sqrt(square);
        }
    }

    /// <summary>
    /// Mutual information of firing and property in nats: sum over the four cells of p ln(p / (row's share * column's share)), empty cells adding nothing (Shannon
    /// 1948). 0 where one of the two never varies.
    /// </summary>
    public double MutualInformation
    {
        get
        {
            double n = Total;
            double sum = Cell(Tp, Tp + Fp, Tp + Fn) + Cell(Fp, Tp + Fp, Fp + Tn) + Cell(Fn, Fn + Tn, Tp + Fn) + Cell(Tn, Fn + Tn, Fp + Tn);
            return n == 0 ? double.NaN : Math.Max(0, sum);   // rounding may end below zero

            double Cell(double count, double row, double column) => count == 0 ? 0 : count / n * Math.Log(count / row * (n / column));
        }
    }

    /// <summary>Counts the detector that fires where the score lies above the threshold; a score at the threshold is silent.</summary>
    /// <param name="scores">One for each position, none of them NaN.</param>
    /// <param name="labels">Whether the property holds there.</param>
    /// <param name="threshold">Not NaN.</param>
    /// <exception cref="ArgumentException">The lengths differ, or there is a NaN.</exception>
    public static DetectorCounts At(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels, double threshold)
    {
        Ranking.Require(scores, labels);
        if (double.IsNaN(threshold))
        {
            throw new ArgumentException("The threshold is no number.", nameof(threshold));
        }

        long positives = 0, fired = 0, right = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            bool fires = scores[i] > threshold;
            positives += labels[i] ? 1 : 0;
            fired += fires ? 1 : 0;
            right += fires && labels[i] ? 1 : 0;
        }

        return new DetectorCounts(right, fired - right, positives - right, scores.Length - fired - (positives - right));
    }

    /// <summary>
    /// The two-sided p-value of Fisher's exact test that firing and property are independent (Fisher 1922): the probability, with all four margins given, of tables that are
    /// no more likely than this one. 1 where a margin is zero.
    /// </summary>
    /// <remarks>
    /// Tables are walked from the most likely one outwards by the ratio of neighbours, as far as their probability is above 0 as a double, so the time grows with
    /// the root of the counts. Probabilities within 1e-10 of each other count as equal: rounding stays below that.
    /// </remarks>
    public double FisherExact()
    {
        long fires = Tp + Fp, holds = Tp + Fn, rest = Fn + Tn;
        long smallest = Math.Max(0, holds - rest);
        long largest = Math.Min(fires, holds);
        long mode = Math.Clamp((long)((Int128)(fires + 1) * (holds + 1) / (Total + 2)), smallest, largest);
        long here = Tp;

        // P(k + 1) / P(k) for k positions that both fire and hold.
        double Next(long k) => (double)(fires - k) / (k + 1) * ((double)(holds - k) / (rest - holds + k + 1));
        double observed = 1;
        for (long k = mode; k < here && observed > 0; k++)
        {
            observed *= Next(k);
        }

        for (long k = mode; k > here && observed > 0; k--)
        {
            observed /= Next(k - 1);
        }

        double all = 1;
        double unlikely = 0;
        double limit = observed * (1 + 1e-10);
        double term = 1;
        for (long k = mode; k < largest && term > 0; k++)
        {
            Add(term *= Next(k));
        }

        term = 1;
        for (long k = mode; k > smallest && term > 0; k--)
        {
            Add(term /= Next(k - 1));
        }

        return limit >= 1 ? 1 : unlikely / all;

        void Add(double probability)
        {
            all += probability;
            unlikely += probability <= limit ? probability : 0;
        }
    }
}
