namespace Keyhole.Mining.Nulls;

/// <summary>What memories are compared with, to see whether the basis of neurons is special (method, section 7, null iii).</summary>
public enum NullKind
{
    /// <summary>Random directions in the place of the keys, with their norms, biases and activation.</summary>
    Directions,

    /// <summary>A random rotation of each layer's coefficients.</summary>
    Rotations,
}
