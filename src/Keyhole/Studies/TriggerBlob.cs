using System.Collections.Immutable;
using Keyhole.Memories;

namespace Keyhole.Studies;

/// <summary>
/// A trigger list as bytes, column by column: LEB128(2 n + gated), n coefficients, where gated n gates and where the memory is an expert's n router weights
/// (float32, little-endian), then LEB128 columns of n units, n positions and n targets plus one.
/// </summary>
internal static class TriggerBlob
{
    // No list is longer: a memory keeps at most one trigger per unit or prefix, and far fewer are asked for.
    private const int MaxCount = 1 << 24;

    public static byte[] Write(ReadOnlySpan<Trigger> triggers, bool ofExpert)
    {
        bool gated = false;
        foreach (ref readonly Trigger trigger in triggers)
        {
            if (trigger.Unit < 0 || trigger.Position < 0 || trigger.Target < -1 || !float.IsFinite(trigger.Coefficient))
            {
                throw new ArgumentException($"{trigger} is no trigger.", nameof(triggers));
            }

            gated |= !float.IsNaN(trigger.Gate);
        }

        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        writer.Write7BitEncodedInt((triggers.Length << 1) | (gated ? 1 : 0));
        foreach (ref readonly Trigger trigger in triggers)
        {
            writer.Write(trigger.Coefficient);
        }

        if (gated)
        {
            foreach (ref readonly Trigger trigger in triggers)
            {
                writer.Write(trigger.Gate);
            }
        }

        if (ofExpert)
        {
            foreach (ref readonly Trigger trigger in triggers)
            {
                writer.Write(trigger.RouterWeight);
            }
        }

        foreach (ref readonly Trigger trigger in triggers)
        {
            writer.Write7BitEncodedInt(trigger.Unit);
        }

        foreach (ref readonly Trigger trigger in triggers)
        {
            writer.Write7BitEncodedInt(trigger.Position);
        }

        foreach (ref readonly Trigger trigger in triggers)
        {
            writer.Write7BitEncodedInt(trigger.Target + 1);
        }

        writer.Flush();
        return stream.ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes are no trigger list.</exception>
    /// <exception cref="FormatException">A number is longer than its type.</exception>
    /// <exception cref="EndOfStreamException">The bytes end early.</exception>
    public static ImmutableArray<Trigger> Read(byte[] bytes, bool ofExpert)
    {
        using BinaryReader reader = new(new MemoryStream(bytes, writable: false));
        int head = reader.Read7BitEncodedInt();
        int count = (int)((uint)head >> 1);
        bool gated = (head & 1) == 1;
        if (count > MaxCount || count > bytes.Length / (7 + (gated ? 4 : 0) + (ofExpert ? 4 : 0)))
        {
            throw new InvalidDataException($"A list of {count} triggers in {bytes.Length} bytes.");
        }

        float[] coefficients = ReadFloats(reader, count);
        float[]? gates = gated ? ReadFloats(reader, count) : null;
        float[]? routerWeights = ofExpert ? ReadFloats(reader, count) : null;
        int[] units = ReadIntegers(reader, count);
        int[] positions = ReadIntegers(reader, count);
        int[] targets = ReadIntegers(reader, count);
        if (reader.BaseStream.Position != bytes.Length)
        {
            throw new InvalidDataException("Bytes follow a list of triggers.");
        }

        ImmutableArray<Trigger>.Builder triggers = ImmutableArray.CreateBuilder<Trigger>(count);
        for (int i = 0; i < count; i++)
        {
            triggers.Add(new Trigger(coefficients[i], gates?[i] ?? float.NaN, units[i], positions[i], targets[i] - 1, routerWeights?[i] ?? 1));
        }

        return triggers.MoveToImmutable();
    }

    private static float[] ReadFloats(BinaryReader reader, int count)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = reader.ReadSingle();
        }

        return values;
    }

    private static int[] ReadIntegers(BinaryReader reader, int count)
    {
        int[] values = new int[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = reader.Read7BitEncodedInt();
            if (values[i] < 0)
            {
                throw new InvalidDataException("A trigger has a number beyond 2^31.");
            }
        }

        return values;
    }
}
