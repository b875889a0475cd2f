namespace Keyhole.Composition;

/// <summary>A prediction that the last layer composed: it is neither the residual's nor the update's.</summary>
/// <param name="Unit">Number of the text.</param>
/// <param name="Position">Last position of the prefix.</param>
/// <param name="Text">The prefix.</param>
/// <param name="TopR">top(r).</param>
/// <param name="TopY">top(y).</param>
/// <param name="TopO">top(o), the final prediction.</param>
/// <param name="Target">The token that follows; -1 without one.</param>
public sealed record LastLayerComposition(int Unit, int Position, string Text, int TopR, int TopY, int TopO, int Target);
