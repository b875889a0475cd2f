using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Keyhole.Engine.Checkpoints.GgmlBlocks;

/// <summary>Spreads packed single bits over bytes.</summary>
internal static class HighBits
{
    /// <summary>16 bytes, each <paramref name="value"/> where its bit is set and 0 where not: bits of <paramref name="first"/> for bytes 0..7, of <paramref name="second"/> for 8..15.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Spread(byte first, byte second, byte value)
    {
        const ulong EachByte = 0x0101_0101_0101_0101;
        Vector128<byte> sources = Vector128.Create(first * EachByte, second * EachByte).AsByte();
        Vector128<byte> bits = Vector128.Create(1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, (byte)128);
        return Vector128.Equals(sources & bits, bits) & Vector128.Create(value);
    }
}
