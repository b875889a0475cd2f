namespace Keyhole.Statistics;

/// <summary>
/// Tests whether two yes-or-no variables go together, where what belongs to one group (positions of one text) is not independent: the score test of their covariance, with groups as the
/// unit of its variance (Liang and Zeger 1986, "Longitudinal data analysis using generalized linear models": the sandwich).
/// </summary>
/// <remarks>
/// With a and y the variables and A and Y their means over all n things, each group adds <c>t = sum of (a - A)(y - Y)</c>; <c>z = sum t / sqrt(G / (G - 1) sum t^2)</c> over G groups is
/// standard normal where they are independent and groups are many. A link that one group alone shows cannot pass z = 1, however many things that group has.
/// </remarks>
public static class ClusteredScoreTest
{
    /// <summary>P of a z as large, one-sided: small where the variables go together. 1 where one of them never varies, or there is one group alone.</summary>
    /// <param name="groups">Counts of each group that has any but <see cref="DetectorCounts.Tn"/>.</param>
    /// <param name="others">Of the groups left out their number, things, and sum of squared things.</param>
    public static double P(IEnumerable<DetectorCounts> groups, (long Groups, double Things, double Squares) others)
    {
        ArgumentNullException.ThrowIfNull(groups);
        DetectorCounts[] counts = [.. groups];
        double n = others.Things + counts.Sum(group => (double)group.Total);
        double active = counts.Sum(group => (double)group.Tp + group.Fp) / n;
        double holds = counts.Sum(group => (double)group.Tp + group.Fn) / n;
        double sum = others.Things * active * holds;
        double squares = others.Squares * active * holds * active * holds;
        foreach (DetectorCounts group in counts)
        {
            double t = group.Tp - (holds * (group.Tp + group.Fp)) - (active * (group.Tp + group.Fn)) + (group.Total * active * holds);
            sum += t;
            squares += t * t;
        }

        double g = counts.Length + others.Groups;
        return active is > 0 and < 1 && holds is > 0 and < 1 && g > 1 ? NormalTail.Above(sum / Math.Sqrt(g / (g - 1) * squares)) : 1;
    }
}
