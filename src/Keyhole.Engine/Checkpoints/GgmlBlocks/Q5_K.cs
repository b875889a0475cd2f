using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Keyhole.Engine.Checkpoints.GgmlBlocks;

/// <summary>Q5_K, 176 bytes for 256 elements: d (F16), dmin (F16), 12 bytes with 8 scales and 8 minima of 6 bits (<see cref="SixBitScales"/>), 32 bytes
/// of high bits (bit r belongs to run r of 32 elements), 128 bytes of 4-bit numbers. Each 64 elements use 32 bytes: the low nibbles are the first 32,
/// the high nibbles the next 32. Value: (d * scale) * (nibble + 16 * bit) - dmin * minimum.</summary>
internal readonly struct Q5_K : IBlock
{
    /// <inheritdoc/>
    public static int Elements => 256;

    /// <inheritdoc/>
    public static int Bytes => 176;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        float d = Lanes.Half(block, 0);
        float dmin = Lanes.Half(block, 2);
        ReadOnlySpan<byte> scales = block.Slice(4, 12);
        Vector128<byte> mask = Vector128.Create((byte)0x0F);
        for (int run = 0; run < 8; run++)   // of 32 elements
        {
            (int scale, int minimum) = SixBitScales.Unpack(scales, run);
            for (int side = 0; side < 32; side += 16)
            {
                Vector128<byte> nibbles = Lanes.Load(block, 48 + (32 * (run / 2)) + side);
                Vector128<byte> low = run % 2 == 0 ? nibbles & mask : nibbles >>> 4;
                Vector128<byte> high = ((Lanes.Load(block, 16 + side) >>> run) & Vector128.Create((byte)1)) << 4;
                Lanes.StoreAffine(low | high, d * scale, -(dmin * minimum), values[((32 * run) + side)..]);
            }
        }
    }
}
