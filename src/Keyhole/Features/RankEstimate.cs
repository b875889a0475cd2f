using Keyhole.Statistics;

namespace Keyhole.Features;

/// <summary>The area under a ROC curve with an interval.</summary>
internal static class RankEstimate
{
    /// <summary>
    /// The area with the interval of Hanley and McNeil (1982, "The meaning and use of the area under a receiver operating characteristic (ROC) curve"), cut to 0 and 1: A ± z SE,
    /// SE^2 = (A (1 - A) + (p - 1) (A / (2 - A) - A^2) + (n - 1) (2 A^2 / (1 + A) - A^2)) / (p n) for p positives and n negatives.
    /// </summary>
    /// <param name="scores">One for each text.</param>
    /// <param name="labels">Whether the task is true of it.</param>
    public static Estimate Auroc(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels)
    {
        double area = Ranking.Auroc(scores, labels);
        if (double.IsNaN(area))
        {
            return Estimate.None;
        }

        double positives = 0;
        foreach (bool label in labels)
        {
            positives += label ? 1 : 0;
        }

        double negatives = labels.Length - positives;
        double squared = area * area;
        double variance = ((area * (1 - area)) + ((positives - 1) * ((area / (2 - area)) - squared)) + ((negatives - 1) * ((2 * squared / (1 + area)) - squared))) / (positives * negatives);
        double half = Share.Z * Math.Sqrt(Math.Max(0, variance));
        return new Estimate(area, new Interval(Math.Max(0, area - half), Math.Min(1, area + half)), labels.Length);
    }
}
