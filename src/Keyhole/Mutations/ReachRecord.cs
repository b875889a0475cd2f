using Keyhole.Memories;

namespace Keyhole.Mutations;

/// <summary>How far back a memory reads at one trigger (method, section 5): the token of the prefix whose loss lowers |m| most.</summary>
/// <param name="Id">The memory.</param>
/// <param name="Pole">The pole whose trigger it is.</param>
/// <param name="Unit">Unit of the study.</param>
/// <param name="Position">Last position of the prefix in the unit.</param>
/// <param name="Distance">Tokens from the prefix's end to that token: 0 is the last token itself.</param>
/// <param name="Coefficient">m as it is.</param>
/// <param name="Dropped">m without that token.</param>
public readonly record struct ReachRecord(NeuronId Id, Pole Pole, int Unit, int Position, int Distance, float Coefficient, float Dropped);
