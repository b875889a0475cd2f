using Keyhole.Memories;

namespace Keyhole.Search;

/// <summary>A memory whose value promotes or demotes a token that was looked for; of several tokens, the one of the best rank.</summary>
/// <param name="Id">The memory.</param>
/// <param name="Token">The token.</param>
/// <param name="Text">Its text.</param>
/// <param name="Rank">Its rank, from 0: from the largest logit where it is promoted, from the smallest where it is demoted.</param>
/// <param name="Logit">Its logit.</param>
/// <param name="Probability">Its p = softmax(z).</param>
public sealed record ValueMatch(NeuronId Id, int Token, string Text, int Rank, float Logit, double Probability);
