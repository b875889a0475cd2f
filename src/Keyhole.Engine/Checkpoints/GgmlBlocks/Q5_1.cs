using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Keyhole.Engine.Checkpoints.GgmlBlocks;

/// <summary>Q5_1, 24 bytes for 32 elements: d (F16), m (F16), 32 high bits (bit i belongs to element i), then 16 bytes whose low nibbles are elements
/// 0..15 and whose high nibbles are elements 16..31. Value: d * (nibble + 16 * bit) + m.</summary>
internal readonly struct Q5_1 : IBlock
{
    /// <inheritdoc/>
    public static int Elements => 32;

    /// <inheritdoc/>
    public static int Bytes => 24;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        float d = Lanes.Half(block, 0);
        float m = Lanes.Half(block, 2);
        Vector128<byte> nibbles = Lanes.Load(block, 8);
        Lanes.StoreAffine((nibbles & Vector128.Create((byte)0x0F)) | HighBits.Spread(block[4], block[5], 16), d, m, values);
        Lanes.StoreAffine((nibbles >>> 4) | HighBits.Spread(block[6], block[7], 16), d, m, values[16..]);
    }
}
