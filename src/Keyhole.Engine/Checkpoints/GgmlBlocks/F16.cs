using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Keyhole.Engine.Checkpoints.GgmlBlocks;

/// <summary>F16: IEEE 754 binary16, little-endian. Every value is exact as a float: subnormals, infinities and NaN (payload kept) too.</summary>
/// <remarks>
/// With e the 5 bits of the exponent and f the 10 bits of the fraction: for 0 &lt; e &lt; 31 the float has exponent e + 112; for e = 31 (infinity, NaN)
/// it has 255 = 31 + 2 * 112; for e = 0 the value is f * 2^-24, a normal float. The sign is put back at the end.
/// </remarks>
internal static class F16
{
    private const uint Rebias = 112u << 23;
    private const uint LowestNormal = 1u << 23;     // of the shifted magnitude
    private const uint LowestInfinite = 31u << 23;
    private const float Subnormal = 1f / (1 << 24);

    /// <summary>One float for each 2 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]   // right from the first call: a model is read once
    public static void Decode(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        ReadOnlySpan<ushort> source = MemoryMarshal.Cast<byte, ushort>(blocks)[..values.Length];
        ref ushort from = ref MemoryMarshal.GetReference(source);
        ref float to = ref MemoryMarshal.GetReference(values);
        int i = 0;
        for (; i <= source.Length - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
        {
            (Vector256<uint> lower, Vector256<uint> upper) = Vector256.Widen(Vector256.LoadUnsafe(ref from, (nuint)i));
            Decode(lower).StoreUnsafe(ref to, (nuint)i);
            Decode(upper).StoreUnsafe(ref to, (nuint)(i + Vector256<float>.Count));
        }
        for (; i < source.Length; i++)
        {
            values[i] = Decode(source[i]);
        }
    }

    /// <summary>One value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Decode(ushort half)
    {
        uint magnitude = (half & 0x7FFFu) << 13;
        uint bits = magnitude < LowestNormal
            ? BitConverter.SingleToUInt32Bits((magnitude >> 13) * Subnormal)
            : magnitude + (magnitude < LowestInfinite ? Rebias : 2 * Rebias);
        return BitConverter.UInt32BitsToSingle(bits | ((half & 0x8000u) << 16));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Decode(Vector256<uint> half)
    {
        Vector256<uint> fractionAndExponent = half & Vector256.Create(0x7FFFu);
        Vector256<uint> magnitude = fractionAndExponent << 13;
        Vector256<uint> rebias = Vector256.Create(Rebias);
        // Magnitudes are below 2^28: signed comparison is safe, and cheaper on x86.
        Vector256<uint> infinite = Vector256.GreaterThan(magnitude.AsInt32(), Vector256.Create((int)LowestInfinite - 1)).AsUInt32();
        Vector256<uint> subnormal = Vector256.LessThan(magnitude.AsInt32(), Vector256.Create((int)LowestNormal)).AsUInt32();
        Vector256<uint> normal = magnitude + rebias + (infinite & rebias);
        Vector256<uint> small = (Vector256.ConvertToSingle(fractionAndExponent.AsInt32()) * Vector256.Create(Subnormal)).AsUInt32();
        Vector256<uint> sign = (half & Vector256.Create(0x8000u)) << 16;
        return (Vector256.ConditionalSelect(subnormal, small, normal) | sign).AsSingle();
    }
}
