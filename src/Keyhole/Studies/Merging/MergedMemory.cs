using Keyhole.Memories;

namespace Keyhole.Studies.Merging;

/// <summary>A memory of the merged study.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Statistics">Its statistics.</param>
/// <param name="Positive">Triggers of the positive pole, best first.</param>
/// <param name="Negative">Triggers of the negative pole, best first.</param>
/// <param name="Ranks">What the positive list is ordered by, where that must be kept; else empty.</param>
/// <param name="Cases">Lists of its sign cases; none where they are not kept.</param>
/// <param name="Sample">Its examples beyond the top; null where none are kept.</param>
internal readonly record struct MergedMemory(NeuronId Id, NeuronStatistics Statistics, Trigger[] Positive, Trigger[] Negative, float[] Ranks, Trigger[][] Cases, MemorySample? Sample);
