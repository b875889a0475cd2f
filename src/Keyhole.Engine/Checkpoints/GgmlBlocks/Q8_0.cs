using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Keyhole.Engine.Checkpoints.GgmlBlocks;

/// <summary>Q8_0, 34 bytes for 32 elements: d (F16), then 32 signed bytes. Value: d * byte.</summary>
internal readonly struct Q8_0 : IBlock
{
    /// <inheritdoc/>
    public static int Elements => 32;

    /// <inheritdoc/>
    public static int Bytes => 34;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        float d = Lanes.Half(block, 0);
        Lanes.StoreScaled(Lanes.Load(block, 2).AsSByte(), d, values);
        Lanes.StoreScaled(Lanes.Load(block, 18).AsSByte(), d, values[16..]);
    }
}
