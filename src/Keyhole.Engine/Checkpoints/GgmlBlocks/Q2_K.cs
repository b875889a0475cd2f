using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Keyhole.Engine.Checkpoints.GgmlBlocks;

/// <summary>Q2_K, 84 bytes for 256 elements: 16 bytes of scales (low nibble) and minima (high nibble) for runs of 16 elements, 64 bytes of 2-bit
/// numbers, d (F16), dmin (F16). Each half of 128 elements uses 32 bytes; its four runs of 32 lie in bits 0-1, 2-3, 4-5, 6-7 of them.
/// Value: (d * scale) * q - dmin * minimum.</summary>
internal readonly struct Q2_K : IBlock
{
    /// <inheritdoc/>
    public static int Elements => 256;

    /// <inheritdoc/>
    public static int Bytes => 84;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        float d = Lanes.Half(block, 80);
        float dmin = Lanes.Half(block, 82);
        Vector128<byte> three = Vector128.Create((byte)3);
        for (int run = 0; run < 16; run++)   // of 16 elements
        {
            int half = run / 8;
            Vector128<byte> packed = Lanes.Load(block, 16 + (32 * half) + (16 * (run % 2)));
            Vector128<byte> q = (packed >>> (2 * (run % 8 / 2))) & three;
            byte scale = block[run];
            Lanes.StoreAffine(q, d * (scale & 0x0F), -(dmin * (scale >> 4)), values[(16 * run)..]);
        }
    }
}
