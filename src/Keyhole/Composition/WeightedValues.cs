namespace Keyhole.Composition;

/// <summary>The values of a layer with what multiplies each of them somewhere, and a token that some of the products may have on top.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Weights">m of each value, times the router's weight where there is one; shape [F].</param>
/// <param name="Token">The token.</param>
internal readonly record struct WeightedValues(int Layer, ReadOnlyMemory<float> Weights, int Token);
