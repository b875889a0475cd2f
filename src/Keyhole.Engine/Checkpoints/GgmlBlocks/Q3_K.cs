using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Keyhole.Engine.Checkpoints.GgmlBlocks;

/// <summary>Q3_K, 110 bytes for 256 elements: 32 bytes of high bits, 64 bytes of 2-bit numbers, 12 bytes with 16 scales of 6 bits, d (F16).
/// Each half of 128 elements uses 32 bytes of numbers, its four runs of 32 in bits 0-1, 2-3, 4-5, 6-7; run r of half h has its high bits in bit
/// 4 h + r of the first 32 bytes. Scale i has its low 4 bits in a nibble of bytes 0..7 (low nibbles first) and its high 2 bits in byte
/// 8 + i % 4, from bit 2 (i / 4). Value: (d * (scale - 32)) * (q + 4 * bit - 4).</summary>
internal readonly struct Q3_K : IBlock
{
    /// <inheritdoc/>
    public static int Elements => 256;

    /// <inheritdoc/>
    public static int Bytes => 110;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        float d = Lanes.Half(block, 108);
        ReadOnlySpan<byte> scales = block.Slice(96, 12);
        Vector128<byte> three = Vector128.Create((byte)3);
        Vector128<byte> four = Vector128.Create((byte)4);
        for (int run = 0; run < 16; run++)   // of 16 elements
        {
            int half = run / 8;
            int quarter = run % 8 / 2;
            int side = 16 * (run % 2);
            Vector128<byte> low = (Lanes.Load(block, 32 + (32 * half) + side) >>> (2 * quarter)) & three;
            Vector128<byte> high = ((Lanes.Load(block, side) >>> ((4 * half) + quarter)) & Vector128.Create((byte)1)) << 2;
            int scaleLow = run < 8 ? scales[run] & 0x0F : scales[run - 8] >> 4;
            int scaleHigh = (scales[8 + (run % 4)] >> (2 * (run / 4))) & 3;
            Lanes.StoreScaled(((low | high) - four).AsSByte(), d * ((scaleLow | (scaleHigh << 4)) - 32), values[(16 * run)..]);
        }
    }
}
