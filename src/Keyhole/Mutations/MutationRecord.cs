using Keyhole.Memories;

namespace Keyhole.Mutations;

/// <summary>A trigger prefix with tokens dropped, run again (method, section 5, figure 3). Coefficients carry their sign.</summary>
/// <param name="Id">The memory.</param>
/// <param name="Pole">The pole whose trigger it is.</param>
/// <param name="Unit">Unit of the study.</param>
/// <param name="Position">Last position of the prefix in the unit, BOS = 0 where there is one.</param>
/// <param name="Random">Absolute position of the token that was dropped at random.</param>
/// <param name="Coefficient">m as it is.</param>
/// <param name="First">m without the first token (after BOS).</param>
/// <param name="Last">m without the last token.</param>
/// <param name="RandomDropped">m without the token at <paramref name="Random"/>.</param>
public readonly record struct MutationRecord(NeuronId Id, Pole Pole, int Unit, int Position, int Random, float Coefficient, float First, float Last, float RandomDropped);
