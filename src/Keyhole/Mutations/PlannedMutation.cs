using Keyhole.Memories;

namespace Keyhole.Mutations;

/// <summary>A trigger prefix to be run again without its first token, without its last and without one in between.</summary>
/// <param name="Id">The memory.</param>
/// <param name="Pole">The pole whose trigger it is.</param>
/// <param name="Unit">Unit of the study.</param>
/// <param name="Position">p, last position of the prefix in the unit, BOS = 0 where there is one; at least <paramref name="First"/> + 1.</param>
/// <param name="First">The first position that may be dropped: 1 behind BOS, 0 without one.</param>
/// <param name="Random">The position dropped at random, in First .. p.</param>
public readonly record struct PlannedMutation(NeuronId Id, Pole Pole, int Unit, int Position, int First, int Random);
