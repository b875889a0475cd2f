using Keyhole.Statistics;

namespace Keyhole.Prompts;

/// <summary>Where a token stands in a state, over some prompts; those without such a token are passed over.</summary>
/// <param name="Rank">Quartiles of its rank, from 0.</param>
/// <param name="Probability">Its mean probability.</param>
public readonly record struct PromptFigure(Quartiles Rank, Estimate Probability);
