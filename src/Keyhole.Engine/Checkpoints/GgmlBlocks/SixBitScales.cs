namespace Keyhole.Engine.Checkpoints.GgmlBlocks;

/// <summary>The 12 bytes of Q4_K and Q5_K that hold 8 scales and 8 minima of 6 bits.</summary>
/// <remarks>
/// Scales 0..3 are the low 6 bits of bytes 0..3, minima 0..3 those of bytes 4..7. Scales and minima 4..7 have their low 4 bits in the low and high nibbles
/// of bytes 8..11, and their high 2 bits in the high 2 bits of bytes 0..3 (scales) and 4..7 (minima).
/// </remarks>
internal static class SixBitScales
{
    /// <summary>Scale and minimum of a run of 32 elements, each 0..63.</summary>
    public static (int Scale, int Minimum) Unpack(ReadOnlySpan<byte> packed, int run) => run < 4
        ? (packed[run] & 63, packed[run + 4] & 63)
        : ((packed[run + 4] & 0x0F) | (packed[run - 4] >> 6 << 4), (packed[run + 4] >> 4) | (packed[run] >> 6 << 4));
}
