using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Keyhole.Engine.Checkpoints.GgmlBlocks;

/// <summary>Q4_0, 18 bytes for 32 elements: d (F16), then 16 bytes whose low nibbles are elements 0..15 and whose high nibbles are elements 16..31.
/// Value: d * (nibble - 8).</summary>
internal readonly struct Q4_0 : IBlock
{
    /// <inheritdoc/>
    public static int Elements => 32;

    /// <inheritdoc/>
    public static int Bytes => 18;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        float d = Lanes.Half(block, 0);
        Vector128<byte> nibbles = Lanes.Load(block, 2);
        Vector128<byte> eight = Vector128.Create((byte)8);
        Lanes.StoreScaled(((nibbles & Vector128.Create((byte)0x0F)) - eight).AsSByte(), d, values);
        Lanes.StoreScaled(((nibbles >>> 4) - eight).AsSByte(), d, values[16..]);
    }
}
