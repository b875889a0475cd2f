using System.Buffers.Binary;

namespace Keyhole.Studies;

/// <summary>Float32 numbers one after the other, little-endian.</summary>
internal static class FloatBlob
{
    public static byte[] Write(ReadOnlySpan<float> values)
    {
        byte[] bytes = new byte[sizeof(float) * values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(sizeof(float) * i), values[i]);
        }

        return bytes;
    }

    /// <exception cref="InvalidDataException">There are not so many.</exception>
    public static float[] Read(ReadOnlySpan<byte> bytes, int count)
    {
        if (bytes.Length != sizeof(float) * (long)count)
        {
            throw new InvalidDataException($"{bytes.Length} bytes where {count} numbers are expected");
        }

        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(sizeof(float) * i)..]);
        }

        return values;
    }
}
