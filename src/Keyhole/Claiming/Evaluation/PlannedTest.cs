using Keyhole.Memories;

namespace Keyhole.Claiming.Evaluation;

/// <summary>What is to be counted.</summary>
/// <param name="Claim">Number of the claim.</param>
/// <param name="Memory">The memory.</param>
/// <param name="Pole">Its pole.</param>
/// <param name="Screened">The number by which it was chosen; NaN where the claim names it.</param>
/// <param name="IsShown">Whether all intervals and examples are wanted.</param>
internal sealed record PlannedTest(int Claim, NeuronId Memory, Pole Pole, double Screened, bool IsShown);
