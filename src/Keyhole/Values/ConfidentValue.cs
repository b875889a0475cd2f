using Keyhole.Memories;

namespace Keyhole.Values;

/// <summary>One of the values of largest max probability.</summary>
/// <param name="Id">The memory.</param>
/// <param name="MaxProbability">Its max probability.</param>
/// <param name="Hit">Whether at least one of the memory's top-50 targets is its argmax.</param>
public readonly record struct ConfidentValue(NeuronId Id, double MaxProbability, bool Hit);
