namespace Keyhole.Fuzz;

/// <summary>Changes of bytes that know nothing of the format, more of them near both ends, where formats keep their tables.</summary>
internal static class ByteMutator
{
    private const int LongestRange = 4096;

    /// <summary>A damaged copy.</summary>
    /// <param name="bytes">The whole file, at least one byte.</param>
    /// <param name="random">Decides everything.</param>
    public static byte[] Mutate(ReadOnlySpan<byte> bytes, Random random)
    {
        byte[] changed = bytes.ToArray();
        for (int times = random.Next(3) == 0 ? random.Next(2, 6) : 1; times > 0 && changed.Length > 0; times--)
        {
            changed = Change(changed, random);
        }
        return changed;
    }

    private static byte[] Change(byte[] bytes, Random random)
    {
        int at = Place(bytes.Length, random);
        int length = Math.Min(random.Next(1, 1 << random.Next(1, 13)), Math.Min(LongestRange, bytes.Length - at));
        Span<byte> range = bytes.AsSpan(at, length);
        switch (random.Next(11))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1:
                bytes[at] = (byte)random.Next(256);
                return bytes;
            case 2 or 3 or 4:
                Integers.Write(random, bytes.AsSpan(at));
                return bytes;
            case 5:
                return bytes[..at];
            case 6:
                range.Fill(random.Next(2) == 0 ? (byte)0xFF : (byte)0);   // all ones: NaN in every floating-point type
                return bytes;
            case 7:
                random.NextBytes(range);
                return bytes;
            case 8:
                return [.. bytes[..at], .. bytes[(at + length)..]];
            case 9:
                return [.. bytes[..(at + length)], .. bytes[at..]];
            default:
                int from = random.Next(bytes.Length - length + 1);
                bytes.AsSpan(from, length).ToArray().CopyTo(range);
                return bytes;
        }
    }

    // The logarithm of the distance from an end is uniform, half of the time.
    private static int Place(int length, Random random)
    {
        if (random.Next(3) == 0)
        {
            return random.Next(length);
        }
        int distance = Math.Min((int)Math.Exp(random.NextDouble() * Math.Log(length + 1)) - 1, length - 1);
        return random.Next(4) == 0 ? length - 1 - distance : distance;
    }
}
