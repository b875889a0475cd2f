using Keyhole.Memories;

namespace Keyhole.Similarity;

/// <summary>A memory whose vector points the way of another one's.</summary>
/// <param name="Id">The memory.</param>
/// <param name="Cosine">Cosine of the angle between both vectors, -1 to 1.</param>
public readonly record struct NearMemory(NeuronId Id, float Cosine);
