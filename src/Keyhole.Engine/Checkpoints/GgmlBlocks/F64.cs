using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Keyhole.Engine.Checkpoints.GgmlBlocks;

/// <summary>F64: IEEE 754 binary64, little-endian; each is rounded to the nearest float, ties to even, and to infinity beyond the largest.</summary>
internal static class F64
{
    /// <summary>One float for each 8 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]   // right from the first call: a model is read once
    public static void Decode(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        ReadOnlySpan<double> source = MemoryMarshal.Cast<byte, double>(blocks)[..values.Length];
        ref double from = ref MemoryMarshal.GetReference(source);
        ref float to = ref MemoryMarshal.GetReference(values);
        int i = 0;
        for (; i <= source.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            Vector256<double> lower = Vector256.LoadUnsafe(ref from, (nuint)i);
            Vector256<double> upper = Vector256.LoadUnsafe(ref from, (nuint)(i + Vector256<double>.Count));
            Vector256.Narrow(lower, upper).StoreUnsafe(ref to, (nuint)i);
        }
        for (; i < source.Length; i++)
        {
            values[i] = (float)source[i];
        }
    }
}
