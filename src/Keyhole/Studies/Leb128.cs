using System.Runtime.CompilerServices;

namespace Keyhole.Studies;

/// <summary>Unsigned little-endian base-128 integers, as <see cref="BinaryWriter.Write7BitEncodedInt64"/> writes them, read from memory.</summary>
/// <remarks>For what is read millions of times; rarer reads use <see cref="BinaryReader"/>.</remarks>
internal static class Leb128
{
    /// <summary>Reads a number and moves <paramref name="bytes"/> behind it.</summary>
    /// <exception cref="InvalidDataException">The bytes end early, or the number is longer than 64 bits.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Read(ref ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || bytes[0] >= 0x80)
        {
            return ReadLong(ref bytes);
        }

        ulong value = bytes[0];
        bytes = bytes[1..];
        return value;
    }

    /// <summary>Reads a number written as its zigzag 0, -1, 1, -2 ...</summary>
    /// <exception cref="InvalidDataException">The bytes end early, or the number is longer than 64 bits.</exception>
    public static long ReadSigned(ref ReadOnlySpan<byte> bytes)
    {
        ulong zigzag = Read(ref bytes);
        return (long)(zigzag >> 1) ^ -(long)(zigzag & 1);
    }

    private static ulong ReadLong(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (int i = 0; i < bytes.Length && i < 10; i++)
        {
            value |= (bytes[i] & 0x7FUL) << (7 * i);
            if (bytes[i] < 0x80)
            {
                bytes = bytes[(i + 1)..];
                return value;
            }
        }

        throw new InvalidDataException("A number ends early.");
    }
}
