using System.Runtime.Intrinsics;

namespace Keyhole.Engine.Checkpoints.GgmlBlocks;

/// <summary>Q8_0, 34 bytes for 32 elements: d (F16), then 32 signed bytes. Value: d * byte.</summary>
internal static class Q8_0
{
    /// <summary>Elements of a block.</summary>
    public const int Elements = 32;

    /// <summary>Bytes of a block.</summary>
    public const int Bytes = 34;

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
        Lanes.StoreScaled(Lanes.Load(block, 2).AsSByte(), d, values);
        Lanes.StoreScaled(Lanes.Load(block, 18).AsSByte(), d, values[16..]);
    }
}
