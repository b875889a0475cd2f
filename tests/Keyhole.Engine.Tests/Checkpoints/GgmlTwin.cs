using System.Buffers.Binary;
using Keyhole.Engine.Checkpoints;

namespace Keyhole.Engine.Tests.Checkpoints;

/// <summary>Every storage type decoded one element at a time, straight from the description of its block: slow and plain on purpose.</summary>
internal static class GgmlTwin
{
    private static readonly int[] s_levels = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

    /// <summary>Element <paramref name="i"/> of one block.</summary>
    public static float Element(StorageType type, ReadOnlySpan<byte> b, int i) => type switch
    {
        StorageType.F32 => BinaryPrimitives.ReadSingleLittleEndian(b),
        StorageType.F16 => Half(b, 0),
        StorageType.BF16 => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadInt16LittleEndian(b) << 16),
        StorageType.Q4_0 => Half(b, 0) * (Nibble32(b[2..], i) - 8),
        StorageType.Q4_1 => Plus(Half(b, 0) * Nibble32(b[4..], i), Half(b, 2)),
        StorageType.Q5_0 => Half(b, 0) * (Nibble32(b[6..], i) + (16 * Bit(b[2..], i)) - 16),
        StorageType.Q5_1 => Plus(Half(b, 0) * (Nibble32(b[8..], i) + (16 * Bit(b[4..], i))), Half(b, 2)),
        StorageType.Q8_0 => Half(b, 0) * (sbyte)b[2 + i],
        StorageType.Q2_K => Plus(Half(b, 80) * (b[i / 16] & 15) * TwoBits(b[16..], i), -(Half(b, 82) * (b[i / 16] >> 4))),
        StorageType.Q3_K => Half(b, 108) * (Scale3(b[96..], i / 16) - 32) * (TwoBits(b[32..], i) + (4 * ((b[i % 32] >> (i / 32)) & 1)) - 4),
        StorageType.Q4_K => Plus(Half(b, 0) * Scale6(b[4..], i / 32) * Nibble64(b[16..], i), -(Half(b, 2) * Minimum6(b[4..], i / 32))),
        StorageType.Q5_K => Plus(Half(b, 0) * Scale6(b[4..], i / 32) * (Nibble64(b[48..], i) + (16 * ((b[16 + (i % 32)] >> (i / 32)) & 1))), -(Half(b, 2) * Minimum6(b[4..], i / 32))),
        StorageType.Q6_K => Half(b, 208) * (sbyte)b[192 + (i / 16)] * (SixLow(b, i) + (16 * TwoBits(b[128..], i)) - 32),
        StorageType.IQ4_NL => Half(b, 0) * s_levels[Nibble32(b[2..], i)],
        StorageType.IQ4_XS => Half(b, 0) * (ScaleXs(b, i / 32) - 32) * s_levels[Nibble32(b[(8 + (16 * (i / 32)))..], i % 32)],
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    private static float Half(ReadOnlySpan<byte> b, int at) => (float)BinaryPrimitives.ReadHalfLittleEndian(b[at..]);

    private static float Plus(float product, float offset) => product + offset;

    private static int Bit(ReadOnlySpan<byte> bits, int i) => (bits[i / 8] >> (i % 8)) & 1;

    // 32 elements in 16 bytes: low nibbles first.
    private static int Nibble32(ReadOnlySpan<byte> q, int i) => i < 16 ? q[i] & 15 : q[i - 16] >> 4;

    // 64 elements in 32 bytes, again and again.
    private static int Nibble64(ReadOnlySpan<byte> q, int i) => (q[(32 * (i / 64)) + (i % 32)] >> (4 * (i / 32 % 2))) & 15;

    // 128 elements in 32 bytes, again and again.
    private static int TwoBits(ReadOnlySpan<byte> q, int i) => (q[(32 * (i / 128)) + (i % 32)] >> (2 * (i / 32 % 4))) & 3;

    // 128 elements in 64 bytes: 64 low nibbles, then 64 high ones.
    private static int SixLow(ReadOnlySpan<byte> q, int i) => (q[(64 * (i / 128)) + (i % 64)] >> (4 * (i / 64 % 2))) & 15;

    private static int Scale3(ReadOnlySpan<byte> s, int run) => ((s[run % 8] >> (4 * (run / 8))) & 15) + (16 * ((s[8 + (run % 4)] >> (2 * (run / 4))) & 3));

    private static int Scale6(ReadOnlySpan<byte> s, int run) => run < 4 ? s[run] & 63 : (s[run + 4] & 15) + (16 * (s[run - 4] >> 6));

    private static int Minimum6(ReadOnlySpan<byte> s, int run) => run < 4 ? s[run + 4] & 63 : (s[run + 4] >> 4) + (16 * (s[run] >> 6));

    private static int ScaleXs(ReadOnlySpan<byte> b, int run)
        => ((b[4 + (run / 2)] >> (4 * (run % 2))) & 15) + (16 * ((BinaryPrimitives.ReadUInt16LittleEndian(b[2..]) >> (2 * run)) & 3));
}
