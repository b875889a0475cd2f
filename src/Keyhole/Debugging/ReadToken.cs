namespace Keyhole.Debugging;

/// <summary>A token in a readout.</summary>
/// <param name="Token">Token id.</param>
/// <param name="Logit">Its logit; a natural log-probability with an adaptive softmax.</param>
/// <param name="Probability">softmax of the readout's logits at it.</param>
public readonly record struct ReadToken(int Token, float Logit, double Probability);
