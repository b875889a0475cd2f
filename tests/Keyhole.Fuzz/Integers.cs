using System.Buffers.Binary;

namespace Keyhole.Fuzz;

/// <summary>Numbers that readers trip over.</summary>
internal static class Integers
{
    private static readonly ulong[] s_values =
    [
        0, 1, 2, 3, 7, 31, 127, 128, 255, 256, 65535, 65536, 1 << 24, int.MaxValue, 1UL << 31, uint.MaxValue, 1UL << 32, 1UL << 40, 1UL << 60, 1UL << 62,
        long.MaxValue, 1UL << 63, ulong.MaxValue - 7, ulong.MaxValue,
    ];

    /// <summary>One of them.</summary>
    public static ulong Pick(Random random) => s_values[random.Next(s_values.Length)];

    /// <summary>Writes one in little-endian form over 1, 2, 4 or 8 bytes, as far as they are there.</summary>
    public static void Write(Random random, Span<byte> target)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Pick(random));
        int width = Math.Min(1 << random.Next(4), target.Length);
        bytes[..width].CopyTo(target);
    }
}
