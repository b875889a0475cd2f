using Keyhole.Statistics;

namespace Keyhole.Reports.Contents;

/// <summary>Rank and probability of one kind of token in one layer's residual, over the prompts of a set.</summary>
/// <param name="Layer">The layer; the number of layers for the output.</param>
/// <param name="Token">Whose rank, such as <c>answer</c> or <c>shuffled answer</c>.</param>
/// <param name="Group">Over which prompts: <c>all</c>, <c>right</c> or <c>wrong</c>.</param>
/// <param name="Rank">Quartiles of the rank, from 0.</param>
/// <param name="Probability">Mean probability.</param>
internal readonly record struct PromptRow(int Layer, string Token, string Group, Quartiles Rank, Estimate Probability);
