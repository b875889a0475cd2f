using Keyhole.Statistics;

namespace Keyhole.Annotations;

/// <summary>Figure 2 for one layer: shares of the prefixes of its true sheets, the five of which add up to 1. Intervals are bootstrapped over sheets; N counts sheets.</summary>
/// <param name="Layer">The layer, from 0.</param>
/// <param name="Shallow">In shallow patterns and no semantic one.</param>
/// <param name="Semantic">In semantic patterns and no shallow one.</param>
/// <param name="Both">In both.</param>
/// <param name="Syntactic">In syntactic patterns alone.</param>
/// <param name="NotCovered">In none.</param>
public sealed record LayerResult(int Layer, Estimate Shallow, Estimate Semantic, Estimate Both, Estimate Syntactic, Estimate NotCovered);
