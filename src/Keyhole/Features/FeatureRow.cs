using Keyhole.Statistics;

namespace Keyhole.Features;

/// <summary>One number.</summary>
/// <param name="Layer">Layer, from 0.</param>
/// <param name="Source">Whose features.</param>
/// <param name="Measure">What it says.</param>
/// <param name="Task">The task of a probe; empty for measures without one.</param>
/// <param name="K">Features that are kept or chosen; 0 for measures without a choice, and for probes on all of them.</param>
/// <param name="Estimate">The number, its 95% interval and what it was taken over.</param>
public sealed record FeatureRow(int Layer, FeatureSource Source, FeatureMeasure Measure, string Task, int K, Estimate Estimate);
