using Keyhole.Memories;

namespace Keyhole.Mutations;

/// <summary>A trigger prefix whose tokens are dropped one after the other.</summary>
/// <param name="Id">The memory.</param>
/// <param name="Pole">The pole whose trigger it is.</param>
/// <param name="Unit">Unit of the study.</param>
/// <param name="Position">p, last position of the prefix in the unit, BOS = 0 where there is one; at least <paramref name="First"/> + 1.</param>
/// <param name="First">The first position that is dropped: 1 behind BOS, 0 without one, later in a prefix longer than <see cref="ReachOptions.Tokens"/>.</param>
public readonly record struct PlannedReach(NeuronId Id, Pole Pole, int Unit, int Position, int First);
