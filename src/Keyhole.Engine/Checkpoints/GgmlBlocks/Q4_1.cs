using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Keyhole.Engine.Checkpoints.GgmlBlocks;

/// <summary>Q4_1, 20 bytes for 32 elements: d (F16), m (F16), then 16 bytes whose low nibbles are elements 0..15 and whose high nibbles are elements
/// 16..31. Value: d * nibble + m.</summary>
internal readonly struct Q4_1 : IBlock
{
    /// <inheritdoc/>
    public static int Elements => 32;

    /// <inheritdoc/>
    public static int Bytes => 20;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        float d = Lanes.Half(block, 0);
        float m = Lanes.Half(block, 2);
        Vector128<byte> nibbles = Lanes.Load(block, 4);
        Lanes.StoreAffine(nibbles & Vector128.Create((byte)0x0F), d, m, values);
        Lanes.StoreAffine(nibbles >>> 4, d, m, values[16..]);
    }
}
