using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Keyhole.Engine.Checkpoints.GgmlBlocks;

/// <summary>The two last steps of every block format, 16 elements at a time: value = scale * q, and value = scale * q + offset.</summary>
/// <remarks>
/// Each element is widened to a 32-bit integer, converted (exact), multiplied, and added to with a rounding after each step, as NumPy does;
/// never with a fused multiply-add. So the width of the machine's vectors does not show in the result. Where the machine has
/// no vectors the same operations run element by element.
/// </remarks>
internal static class Lanes
{
    /// <summary>Elements of a step.</summary>
    public const int Count = 16;

    /// <summary>The 16 bytes from <paramref name="offset"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Load(ReadOnlySpan<byte> block, int offset) => Vector128.Create(block.Slice(offset, Count));

    /// <summary>A little-endian binary16 as a float.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Half(ReadOnlySpan<byte> block, int offset) => F16.Decode(MemoryMarshal.Read<ushort>(block[offset..]));

    /// <summary>values[0..16] = scale * q.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreScaled(Vector128<sbyte> q, float scale, Span<float> values)
    {
        ref float destination = ref MemoryMarshal.GetReference(values[..Count]);
        (Vector256<int> lower, Vector256<int> upper) = Widen(q);
        Vector256<float> scales = Vector256.Create(scale);
        (scales * Vector256.ConvertToSingle(lower)).StoreUnsafe(ref destination);
        (scales * Vector256.ConvertToSingle(upper)).StoreUnsafe(ref destination, 8);
    }

    /// <summary>values[0..16] = scale * q + offset, rounded twice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreAffine(Vector128<byte> q, float scale, float offset, Span<float> values)
    {
        ref float destination = ref MemoryMarshal.GetReference(values[..Count]);
        (Vector256<int> lower, Vector256<int> upper) = Widen(q.AsSByte());
        Vector256<float> scales = Vector256.Create(scale);
        Vector256<float> offsets = Vector256.Create(offset);
        ((scales * Vector256.ConvertToSingle(lower)) + offsets).StoreUnsafe(ref destination);
        ((scales * Vector256.ConvertToSingle(upper)) + offsets).StoreUnsafe(ref destination, 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<int> Lower, Vector256<int> Upper) Widen(Vector128<sbyte> q)
        => Vector256.Widen(Vector256.WidenLower(q.ToVector256Unsafe()));
}
