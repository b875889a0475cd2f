using System.Runtime.CompilerServices;

namespace Keyhole.Engine.Checkpoints.GgmlBlocks;

/// <summary>IQ4_XS, 136 bytes for 256 elements: d (F16), 16 bits with the high 2 bits of 8 scales, 4 bytes with their low 4 bits, 128 bytes of nibbles.
/// Each run of 32 elements is 16 bytes as in <see cref="IQ4_NL"/>. Value: (d * (scale - 32)) * level[nibble].</summary>
internal readonly struct IQ4_XS : IBlock
{
    /// <inheritdoc/>
    public static int Elements => 256;

    /// <inheritdoc/>
    public static int Bytes => 136;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        float d = Lanes.Half(block, 0);
        int scalesHigh = block[2] | (block[3] << 8);
        for (int run = 0; run < 8; run++)   // of 32 elements
        {
            int low = (block[4 + (run / 2)] >> (4 * (run % 2))) & 0x0F;
            int high = (scalesHigh >> (2 * run)) & 3;
            IQ4_NL.DecodeNibbles(Lanes.Load(block, 8 + (16 * run)), d * ((low | (high << 4)) - 32), values.Slice(32 * run, 32));
        }
    }
}
