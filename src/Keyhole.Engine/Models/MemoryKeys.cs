using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models;

/// <summary>What the coefficients of a bank of F memories are computed with, packed for the kernels. Owns nothing.</summary>
/// <param name="input">Keys, or the linear part where gated, [F, D].</param>
/// <param name="inputBias">[F], or empty.</param>
/// <param name="gate">Gate keys [F, D], or null where not gated.</param>
/// <param name="gateBias">[F], or empty.</param>
public readonly ref struct MemoryKeys(PackedMatrix input, ReadOnlySpan<float> inputBias, PackedMatrix? gate, ReadOnlySpan<float> gateBias)
{
    /// <summary>Keys, or the linear part where gated, [F, D].</summary>
    public PackedMatrix Input { get; } = input;

    /// <summary>[F], or empty.</summary>
    public ReadOnlySpan<float> InputBias { get; } = inputBias;

    /// <summary>Gate keys [F, D], or null where not gated.</summary>
    public PackedMatrix? Gate { get; } = gate;

    /// <summary>[F], or empty.</summary>
    public ReadOnlySpan<float> GateBias { get; } = gateBias;
}
