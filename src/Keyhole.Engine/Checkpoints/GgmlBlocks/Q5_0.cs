using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Keyhole.Engine.Checkpoints.GgmlBlocks;

/// <summary>Q5_0, 22 bytes for 32 elements: d (F16), 32 high bits (bit i belongs to element i), then 16 bytes whose low nibbles are elements 0..15 and
/// whose high nibbles are elements 16..31. Value: d * (nibble + 16 * bit - 16).</summary>
internal readonly struct Q5_0 : IBlock
{
    /// <inheritdoc/>
    public static int Elements => 32;

    /// <inheritdoc/>
    public static int Bytes => 22;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        float d = Lanes.Half(block, 0);
        Vector128<byte> nibbles = Lanes.Load(block, 6);
        Vector128<byte> sixteen = Vector128.Create((byte)16);
        Vector128<byte> lower = (nibbles & Vector128.Create((byte)0x0F)) | HighBits.Spread(block[2], block[3], 16);
        Vector128<byte> upper = (nibbles >>> 4) | HighBits.Spread(block[4], block[5], 16);
        Lanes.StoreScaled((lower - sixteen).AsSByte(), d, values);
        Lanes.StoreScaled((upper - sixteen).AsSByte(), d, values[16..]);
    }
}
