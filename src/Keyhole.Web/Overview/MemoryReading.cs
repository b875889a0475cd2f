using Keyhole.Composition;
using Keyhole.Memories;
using Keyhole.Values;

namespace Keyhole.Web.Overview;

/// <summary>What the statistics of a memory are read from.</summary>
/// <param name="Statistics">Of its coefficient.</param>
/// <param name="Triggers">Triggers of both poles.</param>
/// <param name="Value">Its value; null where values were not analysed.</param>
/// <param name="ActiveAboveZero">Whether it is active wherever m &gt; 0.</param>
internal readonly record struct MemoryReading(NeuronStatistics Statistics, long Triggers, ValueNumbers? Value, bool ActiveAboveZero)
{
    /// <summary>Largest |m|; NaN where nothing was counted.</summary>
    public double LargestCoefficient => Statistics.LargestSize;

    /// <summary>Share of positions where the memory is active, as <see cref="TracedLayer"/> has it; elsewhere than in ReLU layers from the histogram, whose bins count as a whole.</summary>
    public double ActiveShare
    {
        get
        {
            if (ActiveAboveZero)
            {
                return Statistics.SharePositive;
            }

            float threshold = (float)(TracedLayer.ActiveFraction * LargestCoefficient);
            long active = 0;
            long all = 0;
            for (int bin = 0; bin < ActivationHistogram.Bins; bin++)
            {
                long positions = Statistics.Histogram[bin];
                all += positions;
                active += bin >= ActivationHistogram.BinOf(threshold) || bin <= ActivationHistogram.BinOf(-threshold) ? positions : 0;
            }

            return all == 0 || float.IsNaN(threshold) ? double.NaN : (double)active / all;
        }
    }
}
