using Keyhole.Memories;

namespace Keyhole.Patterns;

/// <summary>Whose list it is.</summary>
/// <param name="Id">The memory.</param>
/// <param name="Pole">The pole.</param>
/// <param name="Triggers">Triggers that the study has of it.</param>
internal sealed record ListName(NeuronId Id, Pole Pole, int Triggers);
