namespace Keyhole.Composition;

/// <summary>Takes the coefficients at the last position of every prefix of a block; those of experts that the position did not choose do not come. Different prefixes may be filled by different threads.</summary>
internal interface ILastCoefficients
{
    /// <summary>Forgets the block before.</summary>
    void Clear();

    /// <summary>Takes the coefficients of consecutive memories at the last position of a prefix.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="prefix">Number of the prefix in its block.</param>
    /// <param name="firstMemory">The first of the memories.</param>
    /// <param name="coefficients">m of each.</param>
    /// <param name="routerWeight">What multiplies their contributions: the router's weight of their expert, 1 without a router.</param>
    void Add(int layer, int prefix, int firstMemory, ReadOnlySpan<float> coefficients, float routerWeight);
}
