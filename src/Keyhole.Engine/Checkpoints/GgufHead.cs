using System.Globalization;
using System.Numerics;

namespace Keyhole.Engine.Checkpoints;

/// <summary>The head of one GGUF file: metadata and tensor table.</summary>
/// <remarks>Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md.</remarks>
internal sealed class GgufHead
{
    private const uint Magic = 0x46554747;   // "GGUF"
    private const uint DefaultAlignment = 32;
    private const uint LargestAlignment = 1 << 20;
    private const int MostDimensions = 4;
    private const ulong MostKeys = 1 << 16;      // real files have some tens
    private const ulong MostTensors = 1 << 20;   // real files have up to some tens of thousands
    private const int LeastKeyBytes = 8 + 4 + 1;           // length of the key, type, value
    private const int LeastTensorBytes = 8 + 4 + 4 + 8;    // length of the name, count of dimensions, type, offset

    private GgufHead(int version, OrderedDictionary<string, object> metadata, List<TensorInfo> tensors)
    {
        Version = version;
        Metadata = metadata;
        Tensors = tensors;
    }

    /// <summary>2 or 3.</summary>
    public int Version { get; }

    /// <summary>Values by key, in file order.</summary>
    public OrderedDictionary<string, object> Metadata { get; }

    /// <summary>By offset.</summary>
    public List<TensorInfo> Tensors { get; }

    /// <summary>Reads and checks the head of a file.</summary>
    public static GgufHead Read(MappedFile file)
    {
        GgufCursor cursor = new(file);
        int version = ReadVersion(file, cursor);
        ulong tensorCount = cursor.Read<ulong>("the number of tensors");
        ulong keyCount = cursor.Read<ulong>("the number of metadata keys");
        OrderedDictionary<string, object> metadata = ReadMetadata(file, cursor, keyCount);
        uint alignment = ReadAlignment(file, metadata);
        return new GgufHead(version, metadata, ReadTensors(file, cursor, tensorCount, alignment));
    }

    private static int ReadVersion(MappedFile file, GgufCursor cursor)
    {
        if (cursor.Read<uint>("the signature") != Magic)
        {
            throw new InputRefusedException(CheckpointCodes.Malformed, $"'{file.Path}' is not a GGUF file: it does not begin with 'GGUF'.");
        }
        uint version = cursor.Read<uint>("the version");
        return version switch
        {
            2 or 3 => (int)version,
            0x02000000 or 0x03000000 => throw new InputRefusedException(CheckpointCodes.Version, $"'{file.Path}' is a big-endian GGUF file, which is not read; convert it to little-endian."),
            _ => throw new InputRefusedException(CheckpointCodes.Version, string.Create(CultureInfo.InvariantCulture,
                $"'{file.Path}' has GGUF version {version}; versions 2 and 3 are read; convert the model again.")),
        };
    }

    private static OrderedDictionary<string, object> ReadMetadata(MappedFile file, GgufCursor cursor, ulong count)
    {
        RequireAtMost(file, count, MostKeys, "metadata keys");
        cursor.RequireCount(count, LeastKeyBytes, "the metadata");
        OrderedDictionary<string, object> metadata = new(StringComparer.Ordinal);
        for (ulong i = 0; i < count; i++)
        {
            string key = cursor.ReadName("a metadata key");
            object value = GgufValue.Read(file, cursor, key);
            if (!metadata.TryAdd(key, value))
            {
                throw new InputRefusedException(CheckpointCodes.Malformed, $"'{file.Path}' has the metadata key {Naming.Quote(key)} twice; the file is damaged.");
            }
        }
        return metadata;
    }

    private static void RequireAtMost(MappedFile file, ulong count, ulong most, string things)
    {
        if (count > most)
        {
            throw new InputRefusedException(CheckpointCodes.Malformed, string.Create(CultureInfo.InvariantCulture,
                $"'{file.Path}' says that it has {count} {things}, and at most {most} are read; the file is damaged."));
        }
    }

    private static uint ReadAlignment(MappedFile file, OrderedDictionary<string, object> metadata)
    {
        if (!metadata.TryGetValue("general.alignment", out object? value))
        {
            return DefaultAlignment;
        }
        return value is uint alignment && BitOperations.IsPow2(alignment) && alignment <= LargestAlignment ? alignment
            : throw new InputRefusedException(CheckpointCodes.Malformed, string.Create(CultureInfo.InvariantCulture,
                $"'{file.Path}': metadata key 'general.alignment' is {value} and not a 32-bit power of two up to {LargestAlignment}; the file is damaged."));
    }

    private static List<TensorInfo> ReadTensors(MappedFile file, GgufCursor cursor, ulong count, uint alignment)
    {
        RequireAtMost(file, count, MostTensors, "tensors");
        cursor.RequireCount(count, LeastTensorBytes, "the tensor table");
        List<TensorInfo> tensors = new((int)count);
        HashSet<string> names = new(StringComparer.Ordinal);
        for (ulong i = 0; i < count; i++)
        {
            TensorInfo tensor = ReadTensor(file, cursor);
            if (!names.Add(tensor.Name))
            {
                throw new InputRefusedException(CheckpointCodes.TensorTable, $"'{file.Path}' has two tensors {Naming.Quote(tensor.Name)}; the file is damaged.");
            }
            tensors.Add(tensor);
        }
        long dataStart = (cursor.Position + alignment - 1) / alignment * alignment;
        return Place(file, tensors, dataStart, alignment);
    }

    // Until the end of the table is known, Offset counts from the start of the data; -1 bytes stands for an unknown size.
    private static TensorInfo ReadTensor(MappedFile file, GgufCursor cursor)
    {
        string name = cursor.ReadName("a tensor's name");
        uint dimensions = cursor.Read<uint>("a tensor's number of dimensions");
        if (dimensions > MostDimensions)
        {
            throw Refuse(file, name, string.Create(CultureInfo.InvariantCulture, $"has {dimensions} dimensions, and the format allows {MostDimensions}"));
        }
        long[] shape = new long[dimensions];
        for (int i = shape.Length - 1; i >= 0; i--)   // the file has the innermost first
        {
            ulong dimension = cursor.Read<ulong>("a tensor's dimension");
            shape[i] = dimension <= long.MaxValue ? (long)dimension
                : throw Refuse(file, name, string.Create(CultureInfo.InvariantCulture, $"has a dimension of {dimension}, more than can be counted"));
        }
        uint number = cursor.Read<uint>("a tensor's type");
        ulong offset = cursor.Read<ulong>("a tensor's offset");
        GgmlType type = GgmlTypes.Of(number);
        return new TensorInfo(name, type.Type, [.. shape], file.Path, RequireOffset(file, name, offset), BytesOf(file, name, type, shape))
        {
            TypeName = type.Name,
            GgmlType = number,
        };
    }

    private static long RequireOffset(MappedFile file, string name, ulong offset) => offset <= (ulong)file.Length ? (long)offset
        : throw new InputRefusedException(CheckpointCodes.Truncated, string.Create(CultureInfo.InvariantCulture,
            $"'{file.Path}': tensor {Naming.Quote(name)} starts {offset} bytes into the data, the whole file has {file.Length}: it is cut short or damaged; copy or download it again."));

    private static long BytesOf(MappedFile file, string name, GgmlType type, long[] shape)
    {
        if (!TensorLayout.TryCount(shape, out long elements))
        {
            throw Refuse(file, name, $"has the shape {Naming.Shape(shape)}, which has more elements than can be counted");
        }
        if (type.Format is null)
        {
            return -1;
        }
        long row = shape.Length == 0 ? 1 : shape[^1];
        if (row % type.Format.BlockElements != 0 || !TensorLayout.TryBytes(type.Format, elements, out long bytes))
        {
            throw Refuse(file, name, string.Create(CultureInfo.InvariantCulture,
                $"has the shape {Naming.Shape(shape)}, whose rows are no whole blocks of {type.Format.BlockElements} elements of type {type.Name}"));
        }
        return bytes;
    }

    private static List<TensorInfo> Place(MappedFile file, List<TensorInfo> tensors, long dataStart, uint alignment)
    {
        List<TensorInfo> sorted = [.. tensors.OrderBy(tensor => tensor.Offset).ThenBy(tensor => tensor.ByteLength)];   // stable: file order among equals
        for (int i = 0; i < sorted.Count; i++)
        {
            TensorInfo tensor = sorted[i];
            long offset = dataStart + tensor.Offset;
            long next = i + 1 < sorted.Count ? dataStart + sorted[i + 1].Offset : Math.Max(file.Length, offset);
            sorted[i] = tensor with { Offset = offset, ByteLength = tensor.ByteLength >= 0 ? tensor.ByteLength : next - offset };
        }
        TensorLayout.Check(file, dataStart, alignment, sorted);
        return sorted;
    }

    private static InputRefusedException Refuse(MappedFile file, string name, string what)
        => new(CheckpointCodes.TensorTable, $"'{file.Path}': tensor {Naming.Quote(name)} {what}; the file is damaged.");
}
