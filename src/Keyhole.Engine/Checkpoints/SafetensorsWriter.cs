using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text.Json;

namespace Keyhole.Engine.Checkpoints;

/// <summary>Writes safetensors files: the same tensors give the same bytes, whatever the order in which they are declared and written.</summary>
/// <remarks>
/// The data begins on a multiple of 8 bytes. Tensors lie by falling element size, then by name (ordinal), so that each is aligned to its element.
/// The file appears under its name when it is complete, and not before.
/// </remarks>
public static class SafetensorsWriter
{
    /// <summary>Starts a file; its tensors are then written in any order and in pieces of any size.</summary>
    /// <param name="path">The file; one that is there is replaced at the end. Its folder must be there.</param>
    /// <param name="tensors">Every tensor.</param>
    /// <param name="metadata">Strings for <c>__metadata__</c>; null for none.</param>
    /// <exception cref="ArgumentException">A name stands twice or is reserved, a shape is not possible, or a type cannot be stored.</exception>
    /// <exception cref="InputRefusedException">KH1016: the path is a folder or a device, or its folder is not there.</exception>
    /// <exception cref="IOException">The file cannot be made, or the disk has no room for it.</exception>
    public static SafetensorsOutput Create(string path, IReadOnlyCollection<TensorDeclaration> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensors);
        OutputTarget.Require(path, CheckpointCodes.Output);
        List<(TensorDeclaration Tensor, long Bytes)> ordered = [.. tensors
            .Select(tensor => (tensor, BytesOf(tensor)))
            .OrderByDescending(entry => StorageFormat.Of(entry.tensor.Type)!.BlockBytes)
            .ThenBy(entry => entry.tensor.Name, StringComparer.Ordinal)];
        byte[] header = Header(ordered, metadata);
        OrderedDictionary<string, TensorInfo> placed = new(StringComparer.Ordinal);
        long offset = header.Length;
        foreach ((TensorDeclaration tensor, long bytes) in ordered)
        {
            if (!placed.TryAdd(tensor.Name, new TensorInfo(tensor.Name, tensor.Type, tensor.Shape, path, offset, bytes)))
            {
                throw new ArgumentException($"Tensor '{tensor.Name}' is declared twice.", nameof(tensors));
            }
            offset = checked(offset + bytes);
        }
        return new SafetensorsOutput(path, header, placed, offset);
    }

    /// <summary>Writes a file of one tensor of floats.</summary>
    /// <exception cref="InputRefusedException">KH1016: the path is a folder or a device, or its folder is not there.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, string name, ReadOnlySpan<long> shape, ReadOnlySpan<float> values)
    {
        using SafetensorsOutput output = Create(path, [new TensorDeclaration(name, StorageType.F32, shape.ToImmutableArray())]);
        output.Write(name, values);
        output.Complete();
    }

    private static long BytesOf(TensorDeclaration tensor)
    {
        if (tensor.Name is null or "" or SafetensorsHeader.MetadataName)
        {
            throw new ArgumentException($"A tensor cannot be named '{tensor.Name}'.");
        }
        if (SafetensorsHeader.NameOf(tensor.Type) is null)
        {
            throw new ArgumentException($"Tensor '{tensor.Name}' is of type {tensor.Type}, which safetensors does not define.");
        }
        return TensorLayout.TryCount(tensor.Shape.AsSpan(), out long elements) && TensorLayout.TryBytes(StorageFormat.Of(tensor.Type)!, elements, out long bytes) ? bytes
            : throw new ArgumentException($"Tensor '{tensor.Name}' cannot have the shape {Naming.Shape(tensor.Shape.AsSpan())}.");
    }

    private static byte[] Header(List<(TensorDeclaration Tensor, long Bytes)> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using MemoryStream text = new();
        text.Write(stackalloc byte[8]);   // the length, filled in below
        using (Utf8JsonWriter json = new(text))
        {
            json.WriteStartObject();
            if (metadata is not null)
            {
                json.WriteStartObject(SafetensorsHeader.MetadataName);
                foreach ((string key, string value) in metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
                {
                    json.WriteString(key, value);
                }
                json.WriteEndObject();
            }
            long offset = 0;
            foreach ((TensorDeclaration tensor, long bytes) in tensors)
            {
                WriteEntry(json, tensor, offset, checked(offset + bytes));
                offset += bytes;
            }
            json.WriteEndObject();
        }
        while (text.Length % 8 != 0)
        {
            text.WriteByte((byte)' ');
        }
        byte[] header = text.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(header, header.Length - 8);
        return header;
    }

    private static void WriteEntry(Utf8JsonWriter json, TensorDeclaration tensor, long start, long end)
    {
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", SafetensorsHeader.NameOf(tensor.Type));
        json.WriteStartArray("shape");
        foreach (long dimension in tensor.Shape)
        {
            json.WriteNumberValue(dimension);
        }
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(start);
        json.WriteNumberValue(end);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
