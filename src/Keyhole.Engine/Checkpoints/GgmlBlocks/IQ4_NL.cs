using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Keyhole.Engine.Checkpoints.GgmlBlocks;

/// <summary>IQ4_NL, 18 bytes for 32 elements: d (F16), then 16 bytes whose low nibbles are elements 0..15 and whose high nibbles are elements 16..31.
/// Value: d * level[nibble], with 16 levels that lie denser near zero.</summary>
internal readonly struct IQ4_NL : IBlock
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
        DecodeNibbles(Lanes.Load(block, 2), d, values);
    }

    /// <summary>32 elements of one scale; IQ4_XS shares it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void DecodeNibbles(Vector128<byte> nibbles, float scale, Span<float> values)
    {
        Vector128<sbyte> levels = Vector128.Create((sbyte)-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113);
        Lanes.StoreScaled(Vector128.Shuffle(levels, (nibbles & Vector128.Create((byte)0x0F)).AsSByte()), scale, values);
        Lanes.StoreScaled(Vector128.Shuffle(levels, (nibbles >>> 4).AsSByte()), scale, values[16..]);
    }
}
