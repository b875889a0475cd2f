using Keyhole.Memories;

namespace Keyhole.Mining.Nulls;

/// <summary>
/// How few positions carry a memory's activation: S = (1 - mean(|m|)^2 / mean(m^2)) / (1 - 1/n) (Vinje and Gallant 2000, "Sparse coding and decorrelation in primary visual cortex
/// during natural vision"): 0 where |m| is the same everywhere, 1 where all of it is at one position.
/// </summary>
public static class LifetimeSparseness
{
    /// <summary>
    /// From the histogram of sampled positions, each at the middle of its bin (an eighth of an octave from its ends; in the outermost bins at the extreme); NaN where n &lt; 2 or
    /// every m is 0.
    /// </summary>
    /// <param name="statistics">The memory's statistics.</param>
    public static double Of(NeuronStatistics statistics)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        (double n, double sum, double squares) = (0, 0, 0);
        for (int bin = 0; bin < statistics.Histogram.Length; bin++)
        {
            double count = statistics.Histogram[bin];
            if (count > 0)
            {
                double size = SizeOf(bin, statistics);
                n += count;
                sum += count * size;
                squares += count * size * size;
            }
        }

        return n < 2 || squares == 0 ? double.NaN : Math.Max(0, 1 - (sum / n * (sum / squares))) / (1 - (1 / n));
    }

    private static double SizeOf(int bin, NeuronStatistics statistics) => bin switch
    {
        ActivationHistogram.ZeroBin or ActivationHistogram.ZeroBin - 1 => 0,   // below 2^-16
        0 => -statistics.Min,
        ActivationHistogram.Bins - 1 => statistics.Max,
        _ => Math.Abs(ActivationHistogram.Edges[bin] + ActivationHistogram.Edges[bin + 1]) / 2,
    };
}
