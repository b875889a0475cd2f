namespace Keyhole.Debugging;

/// <summary>A token that was generated.</summary>
/// <param name="Token">Token id.</param>
/// <param name="Probability">Its probability in the model's distribution, whatever the temperature.</param>
/// <param name="Ends">Whether it ends the text: the tokenizer's end of text, or the model's context is full.</param>
public readonly record struct GeneratedToken(int Token, double Probability, bool Ends);
