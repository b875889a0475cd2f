using System.Buffers.Binary;

namespace Keyhole.Fuzz;

/// <summary>Damages the header of a safetensors file by its tokens, the length before it mostly corrected.</summary>
internal static class SafetensorsMutator
{
    private const int LengthBytes = 8;

    /// <summary>The header of a file; null where it has none.</summary>
    public static JsonText? Header(ReadOnlySpan<byte> file)
        => file.Length > LengthBytes && BinaryPrimitives.ReadInt64LittleEndian(file) is > 0 and var length && length <= file.Length - LengthBytes
            ? JsonText.Read(file.Slice(LengthBytes, (int)length).ToArray())
            : null;

    /// <summary>A damaged copy.</summary>
    public static byte[] Mutate(ReadOnlySpan<byte> file, JsonText header, Random random)
    {
        byte[] changed = JsonMutator.Mutate(header, random);
        byte[] whole = [.. file[..LengthBytes], .. changed, .. file[(LengthBytes + header.Utf8.Length)..]];
        if (random.Next(8) != 0)
        {
            BinaryPrimitives.WriteInt64LittleEndian(whole, changed.Length);
        }
        return whole;
    }
}
