namespace Keyhole.Values;

/// <summary>A token of the vocabulary with its logit in a readout.</summary>
/// <param name="Token">Token id.</param>
/// <param name="Logit">Its logit.</param>
public readonly record struct TokenLogit(int Token, float Logit);
