using System.Collections.Immutable;

namespace Keyhole.Memories;

/// <summary>Quantiles of values of which only the counts in the bins of <see cref="ActivationHistogram"/> are known.</summary>
internal static class HistogramQuantile
{
    /// <summary>
    /// The value below which q of the counted values lie, taken as spread evenly within their bin; the ends of the outermost bins that hold any are the smallest and largest value.
    /// So the 0-quantile is the smallest value, the 1-quantile the largest; NaN where nothing was counted.
    /// </summary>
    /// <param name="histogram">Counts.</param>
    /// <param name="q">Between 0 and 1.</param>
    /// <param name="min">The smallest value.</param>
    /// <param name="max">The largest value.</param>
    public static double Of(ImmutableArray<uint> histogram, double q, float min, float max)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(q);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(q, 1);
        double total = histogram.Sum(count => (double)count);
        double below = 0;
        for (int bin = 0; bin < histogram.Length; bin++)
        {
            double count = histogram[bin];
            if (count > 0 && below + count >= q * total)
            {
                double lower = below == 0 ? min : Math.Max(min, ActivationHistogram.Edges[bin]);
                double upper = below + count == total ? max : Math.Min(max, ActivationHistogram.Edges[bin + 1]);
                return lower + (((q * total) - below) / count * (upper - lower));
            }

            below += count;
        }

        return double.NaN;
    }
}
