using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Keyhole.Engine.Checkpoints;

namespace Keyhole.Benchmarks;

/// <summary>Writes a GGUF file again with every tensor as F32, so that another engine computes with exactly the numbers that ours reads.</summary>
/// <remarks>Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. Metadata keep their order, keys and types; only <c>general.file_type</c> becomes 0, all F32, and what tells the part of a split file is left out, as the new one is whole.</remarks>
internal static class GgufF32Writer
{
    private const uint Magic = 0x46554747;   // "GGUF"
    private const uint Version = 3;
    private const uint F32 = 0;
    private const uint TypeOfArrays = 9;
    private const string FileType = "general.file_type";
    private const string Split = "split.";
    private const int MostAtOnce = 1 << 20;   // numbers converted by one call

    /// <summary>Converts one file.</summary>
    /// <param name="input">The file to read, of any storage types that the engine reads.</param>
    /// <param name="output">The file to write, replaced where it exists, and deleted where it cannot be finished.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="Engine.InputRefusedException">The file cannot be read.</exception>
    /// <exception cref="BenchmarkFailedException">A file would be written over itself.</exception>
    public static void Convert(string input, string output, CancellationToken stop = default)
    {
        using GgufFile source = GgufFile.Open(input);
        if (source.Files.Select(Real).Contains(Real(output)))
        {
            throw new BenchmarkFailedException($"'{output}' is being read: name another file to write.");
        }

        using var stream = new FileStream(output, FileMode.Create, FileAccess.Write, FileShare.Delete, 1 << 20);
        try
        {
            Write(source, stream, stop);
        }
        catch
        {
            File.Delete(output);
            throw;
        }
    }

    private static string Real(string path) => Path.GetFullPath((File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName : null) ?? path);

    private static void Write(GgufFile source, FileStream stream, CancellationToken stop)
    {
        long alignment = source.GetInt64("general.alignment", 32);
        KeyValuePair<string, object>[] metadata = [.. source.Metadata.Where(pair => !pair.Key.StartsWith(Split, StringComparison.Ordinal))];
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(Magic);
        writer.Write(Version);
        writer.Write((ulong)source.Tensors.Count);
        writer.Write((ulong)metadata.Length);
        foreach ((string key, object value) in metadata)
        {
            WriteText(writer, key);
            object written = key == FileType ? F32 : value;
            writer.Write(TypeNumber(written.GetType()));
            WriteValue(writer, written);
        }

        long offset = 0;
        foreach (TensorInfo tensor in source.Tensors.Values)
        {
            WriteText(writer, tensor.Name);
            writer.Write((uint)tensor.Shape.Length);
            foreach (long dimension in tensor.Shape.Reverse())   // innermost first
            {
                writer.Write((ulong)dimension);
            }

            writer.Write(F32);
            writer.Write((ulong)offset);
            offset = RoundUp(offset + (tensor.ElementCount * sizeof(float)), alignment);
        }

        foreach (TensorInfo tensor in source.Tensors.Values)
        {
            Pad(writer, alignment);
            WriteNumbers(writer, source, tensor, stop);
        }

        Pad(writer, alignment);
    }

    private static void WriteNumbers(BinaryWriter writer, GgufFile source, TensorInfo tensor, CancellationToken stop)
    {
        var block = new float[MostAtOnce];
        for (long at = 0; at < tensor.ElementCount; at += MostAtOnce)
        {
            stop.ThrowIfCancellationRequested();
            Span<float> part = block.AsSpan(0, (int)Math.Min(MostAtOnce, tensor.ElementCount - at));
            source.ReadFloats(tensor, at, part);
            writer.Write(MemoryMarshal.AsBytes(part));
        }
    }

    private static void WriteValue(BinaryWriter writer, object value)
    {
        switch (value)
        {
            case byte number: writer.Write(number); break;
            case sbyte number: writer.Write(number); break;
            case ushort number: writer.Write(number); break;
            case short number: writer.Write(number); break;
            case uint number: writer.Write(number); break;
            case int number: writer.Write(number); break;
            case float number: writer.Write(number); break;
            case bool truth: writer.Write(truth); break;
            case string text: WriteText(writer, text); break;
            case ulong number: writer.Write(number); break;
            case long number: writer.Write(number); break;
            case double number: writer.Write(number); break;
            case Array array: WriteArray(writer, array); break;
            default: throw Unknown(value.GetType());
        }
    }

    private static void WriteArray(BinaryWriter writer, Array array)
    {
        Type element = array.GetType().GetElementType()!;
        writer.Write(element == typeof(object) ? TypeOfArrays : TypeNumber(element));
        writer.Write((ulong)array.Length);
        foreach (object value in array)
        {
            WriteValue(writer, value);
        }
    }

    private static void WriteText(BinaryWriter writer, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }

    private static void Pad(BinaryWriter writer, long alignment)
    {
        writer.Flush();
        long position = writer.BaseStream.Position;
        writer.Write(new byte[RoundUp(position, alignment) - position]);
    }

    private static long RoundUp(long value, long multiple) => (value + multiple - 1) / multiple * multiple;

    private static uint TypeNumber(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Byte => 0,
        TypeCode.SByte => 1,
        TypeCode.UInt16 => 2,
        TypeCode.Int16 => 3,
        TypeCode.UInt32 => 4,
        TypeCode.Int32 => 5,
        TypeCode.Single => 6,
        TypeCode.Boolean => 7,
        TypeCode.String => 8,
        TypeCode.UInt64 => 10,
        TypeCode.Int64 => 11,
        TypeCode.Double => 12,
        _ => type.IsArray ? TypeOfArrays : throw Unknown(type),
    };

    private static NotSupportedException Unknown(Type type) => new(string.Create(CultureInfo.InvariantCulture, $"A GGUF file holds no {type.Name}."));
}
