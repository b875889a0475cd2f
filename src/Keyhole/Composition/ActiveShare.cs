using Keyhole.Memories;

namespace Keyhole.Composition;

/// <summary>How often a memory is active, as <see cref="TracedLayer"/> has it, over all positions of a study.</summary>
internal static class ActiveShare
{
    /// <summary>Share of positions with m &gt; 0 where that is the rule; elsewhere those with |m| above 1% of its largest, from the histogram, whose bins count as a whole. NaN where nothing was counted.</summary>
    /// <param name="statistics">Of the memory's coefficient.</param>
    /// <param name="aboveZero">Whether it is active wherever m &gt; 0.</param>
    public static double Of(NeuronStatistics statistics, bool aboveZero)
    {
        if (aboveZero)
        {
            return statistics.SharePositive;
        }

        float threshold = (float)(TracedLayer.ActiveFraction * statistics.LargestSize);
        long active = 0;
        long all = 0;
        for (int bin = 0; bin < ActivationHistogram.Bins; bin++)
        {
            long positions = statistics.Histogram[bin];
            all += positions;
            active += bin >= ActivationHistogram.BinOf(threshold) || bin <= ActivationHistogram.BinOf(-threshold) ? positions : 0;
        }

        return all == 0 || float.IsNaN(threshold) ? double.NaN : (double)active / all;
    }
}
