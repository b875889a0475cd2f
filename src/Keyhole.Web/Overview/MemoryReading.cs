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

    /// <summary>Share of positions where the memory is active.</summary>
    public double ActiveShare => Composition.ActiveShare.Of(Statistics, ActiveAboveZero);
}
