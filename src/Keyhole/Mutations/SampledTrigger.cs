using Keyhole.Memories;

namespace Keyhole.Mutations;

/// <summary>A trigger of a sampled memory.</summary>
/// <param name="Id">The memory.</param>
/// <param name="Pole">The pole whose trigger it is.</param>
/// <param name="Trigger">The trigger.</param>
internal readonly record struct SampledTrigger(NeuronId Id, Pole Pole, Trigger Trigger);
