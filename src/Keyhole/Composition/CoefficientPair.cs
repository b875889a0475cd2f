namespace Keyhole.Composition;

/// <summary>Hands coefficients to two takers.</summary>
internal sealed class CoefficientPair(ILastCoefficients first, ILastCoefficients second) : ILastCoefficients
{
    /// <inheritdoc/>
    public void Clear()
    {
        first.Clear();
        second.Clear();
    }

    /// <inheritdoc/>
    public void Add(int layer, int prefix, int firstMemory, ReadOnlySpan<float> coefficients, float routerWeight)
    {
        first.Add(layer, prefix, firstMemory, coefficients, routerWeight);
        second.Add(layer, prefix, firstMemory, coefficients, routerWeight);
    }
}
