using System.Collections.Immutable;

namespace Keyhole.Features;

/// <summary>What was measured.</summary>
/// <param name="Options">What decided it, by name.</param>
/// <param name="Tasks">The tasks, in their order.</param>
/// <param name="Rows">The numbers, by layer, source, measure, task and k.</param>
public sealed record FeatureResult(ImmutableSortedDictionary<string, string> Options, ImmutableArray<FeatureTask> Tasks, ImmutableArray<FeatureRow> Rows)
{
    /// <summary>The number of a layer; null where there is none.</summary>
    /// <param name="layer">Layer, from 0.</param>
    /// <param name="source">Whose features.</param>
    /// <param name="measure">What it says.</param>
    /// <param name="k">Features kept or chosen.</param>
    /// <param name="task">The task of a probe.</param>
    public FeatureRow? Find(int layer, FeatureSource source, FeatureMeasure measure, int k = 0, string task = "")
        => Rows.FirstOrDefault(row => row.Layer == layer && row.Source == source && row.Measure == measure && row.K == k && row.Task == task);
}
