using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Keyhole.Engine.Checkpoints.GgmlBlocks;

/// <summary>Q6_K, 210 bytes for 256 elements: 128 bytes of low 4 bits, 64 bytes of high 2 bits, 16 signed bytes of scales for runs of 16 elements,
/// d (F16). Each half of 128 elements uses 64 and 32 bytes; of its four runs of 32, runs 0 and 1 are the low nibbles of the 64 bytes, runs 2 and 3 the
/// high nibbles, and run r has its high bits in bits 2 r and 2 r + 1 of the 32 bytes. Value: (d * scale) * (q - 32).</summary>
internal readonly struct Q6_K : IBlock
{
    /// <inheritdoc/>
    public static int Elements => 256;

    /// <inheritdoc/>
    public static int Bytes => 210;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        float d = Lanes.Half(block, 208);
        Vector128<byte> mask = Vector128.Create((byte)0x0F);
        Vector128<byte> three = Vector128.Create((byte)3);
        Vector128<byte> thirtyTwo = Vector128.Create((byte)32);
        for (int run = 0; run < 16; run++)   // of 16 elements
        {
            int half = run / 8;
            int quarter = run % 8 / 2;
            int side = 16 * (run % 2);
            Vector128<byte> nibbles = Lanes.Load(block, (64 * half) + (32 * (quarter % 2)) + side);
            Vector128<byte> low = quarter < 2 ? nibbles & mask : nibbles >>> 4;
            Vector128<byte> high = ((Lanes.Load(block, 128 + (32 * half) + side) >>> (2 * quarter)) & three) << 4;
            Lanes.StoreScaled(((low | high) - thirtyTwo).AsSByte(), d * (sbyte)block[192 + run], values[(16 * run)..]);
        }
    }
}
