using System.Runtime.Intrinsics;

namespace Keyhole.Engine.Checkpoints.GgmlBlocks;

/// <summary>Q5_1, 24 bytes for 32 elements: d (F16), m (F16), 32 high bits (bit i belongs to element i), then 16 bytes whose low nibbles are elements
/// 0..15 and whose high nibbles are elements 16..31. Value: d * (nibble + 16 * bit) + m.</summary>
internal static class Q5_1
{
    /// <summary>Elements of a block.</summary>
    public const int Elements = 32;

    /// <summary>Bytes of a block.</summary>
    public const int Bytes = 24;

    /// <summary>Decodes whole blocks.</summary>
    public static void Decode(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (int block = 0; block < blocks.Length / Bytes; block++)
        {
            DecodeBlock(blocks.Slice(block * Bytes, Bytes), values.Slice(block * Elements, Elements));
        }
    }

    private static void DecodeBlock(ReadOnlySpan<byte> block, Span<float> values)
    {
        float d = Lanes.Half(block, 0);
        float m = Lanes.Half(block, 2);
        Vector128<byte> nibbles = Lanes.Load(block, 8);
        Lanes.StoreAffine((nibbles & Vector128.Create((byte)0x0F)) | HighBits.Spread(block[4], block[5], 16), d, m, values);
        Lanes.StoreAffine((nibbles >>> 4) | HighBits.Spread(block[6], block[7], 16), d, m, values[16..]);
    }
}
