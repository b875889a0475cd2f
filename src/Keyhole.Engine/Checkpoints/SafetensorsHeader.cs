using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Keyhole.Engine.Checkpoints;

/// <summary>The header of a safetensors file: 8 bytes of length, then JSON with a type, a shape and a range of bytes for each tensor.</summary>
/// <remarks>Format: https://github.com/huggingface/safetensors#format. As there, the tensors must cover the data without overlap or hole.</remarks>
internal static class SafetensorsHeader
{
    /// <summary>The longest header that the reference implementation accepts.</summary>
    public const long LargestHeaderBytes = 100_000_000;

    /// <summary>The name in the header that is no tensor.</summary>
    public const string MetadataName = "__metadata__";

    private const int LengthBytes = 8;
    private const int MostDimensions = 64;

    private static readonly FrozenDictionary<string, StorageType> s_types = Enum.GetValues<StorageType>()
        .Where(type => NameOf(type) is not null)
        .ToFrozenDictionary(type => NameOf(type)!, StringComparer.Ordinal);

    /// <summary>Reads the tensors in the order of their offsets, and the strings of <c>__metadata__</c>.</summary>
    public static (List<TensorInfo> Tensors, OrderedDictionary<string, string> Metadata) Read(MappedFile file)
    {
        int headerBytes = HeaderBytes(file);
        long dataStart = LengthBytes + headerBytes;
        using JsonDocument header = JsonFile.Parse(file.Path, file.Slice(LengthBytes, headerBytes).ToArray(), CheckpointCodes.Malformed);
        OrderedDictionary<string, string> metadata = new(StringComparer.Ordinal);
        List<TensorInfo> tensors = [];
        foreach (JsonProperty property in header.RootElement.EnumerateObject())
        {
            string name = JsonFile.Name(property, file.Path, CheckpointCodes.Malformed);
            if (name == MetadataName)
            {
                ReadMetadata(file, property.Value, metadata);
            }
            else
            {
                tensors.Add(ReadTensor(file, dataStart, name, property.Value));
            }
        }
        tensors.Sort((a, b) => a.Offset != b.Offset ? a.Offset.CompareTo(b.Offset)
            : a.ByteLength != b.ByteLength ? a.ByteLength.CompareTo(b.ByteLength)
            : string.CompareOrdinal(a.Name, b.Name));
        long end = TensorLayout.Check(file, dataStart, 1, tensors);
        if (end != file.Length)
        {
            throw new InputRefusedException(CheckpointCodes.TensorTable, string.Create(CultureInfo.InvariantCulture,
                $"'{file.Path}' has {file.Length} bytes, but its tensors end at byte {end}; the file is damaged."));
        }
        return (tensors, metadata);
    }

    /// <summary>The format's name of a type; null where it has none.</summary>
    public static string? NameOf(StorageType type) => type switch
    {
        StorageType.Bool => "BOOL",
        >= StorageType.F32 and <= StorageType.U64 => type.ToString(),
        _ => null,
    };

    private static int HeaderBytes(MappedFile file)
    {
        if (file.Length < LengthBytes)
        {
            throw new InputRefusedException(CheckpointCodes.Truncated, string.Create(CultureInfo.InvariantCulture,
                $"'{file.Path}' has {file.Length} bytes, too few for a safetensors file; copy or download it again."));
        }
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(file.Slice(0, LengthBytes));
        if (length > LargestHeaderBytes)
        {
            throw new InputRefusedException(CheckpointCodes.Malformed, string.Create(CultureInfo.InvariantCulture,
                $"'{file.Path}' is not a safetensors file: its first 8 bytes give a header of {length} bytes, and the format allows {LargestHeaderBytes}."));
        }
        if ((long)length > file.Length - LengthBytes)
        {
            throw new InputRefusedException(CheckpointCodes.Truncated, string.Create(CultureInfo.InvariantCulture,
                $"'{file.Path}': its header needs {length} bytes from byte 8, the file has {file.Length - LengthBytes} there: it is cut short; copy or download it again."));
        }
        return (int)length;
    }

    private static void ReadMetadata(MappedFile file, JsonElement element, OrderedDictionary<string, string> metadata)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new InputRefusedException(CheckpointCodes.Malformed, $"'{file.Path}': '__metadata__' in its header is not an object; the file is damaged.");
        }
        foreach (JsonProperty entry in element.EnumerateObject())
        {
            string key = JsonFile.Name(entry, file.Path, CheckpointCodes.Malformed);
            metadata[key] = JsonFile.Text(entry.Value) ?? throw new InputRefusedException(CheckpointCodes.Malformed,
                $"'{file.Path}': {Naming.Quote(key)} in '__metadata__' of its header is not a string; the file is damaged.");
        }
    }

    private static TensorInfo ReadTensor(MappedFile file, long dataStart, string name, JsonElement element)
    {
        InputRefusedException Damaged(string what)
            => new(CheckpointCodes.Malformed, $"'{file.Path}': the entry of tensor {Naming.Quote(name)} in the header {what}; the file is damaged.");

        if (element.ValueKind != JsonValueKind.Object
            || !element.TryGetProperty("dtype", out JsonElement dtype) || JsonFile.Text(dtype) is not string typeName
            || !element.TryGetProperty("shape", out JsonElement shapeElement)
            || !element.TryGetProperty("data_offsets", out JsonElement offsets))
        {
            throw Damaged("does not have 'dtype', 'shape' and 'data_offsets'");
        }
        ImmutableArray<long> shape = Integers(shapeElement, MostDimensions) ?? throw Damaged("has a 'shape' that is not a list of whole numbers from 0");
        if (Integers(offsets, 2) is not { Length: 2 } range || range[1] < range[0] || range[1] > long.MaxValue - dataStart)
        {
            throw Damaged("has 'data_offsets' that are not two rising whole numbers");
        }
        if (!TensorLayout.TryCount(shape.AsSpan(), out long elements))
        {
            throw Damaged($"has the shape {Naming.Shape(shape.AsSpan())}, which has more elements than can be counted");
        }
        StorageType type = s_types.GetValueOrDefault(typeName, StorageType.Unsupported);
        long bytes = range[1] - range[0];
        if (StorageFormat.Of(type) is StorageFormat format && (!TensorLayout.TryBytes(format, elements, out long expected) || bytes != expected))
        {
            throw Damaged(string.Create(CultureInfo.InvariantCulture, $"gives {bytes} bytes to the type {Naming.Quote(typeName)} and the shape {Naming.Shape(shape.AsSpan())}, which do not fit that"));
        }
        return new TensorInfo(name, type, shape, file.Path, dataStart + range[0], bytes) { TypeName = typeName };
    }

    private static ImmutableArray<long>? Integers(JsonElement element, int most)
    {
        if (element.ValueKind != JsonValueKind.Array || element.GetArrayLength() > most)
        {
            return null;
        }
        ImmutableArray<long>.Builder numbers = ImmutableArray.CreateBuilder<long>(element.GetArrayLength());
        foreach (JsonElement item in element.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out long number) || number < 0)
            {
                return null;
            }
            numbers.Add(number);
        }
        return numbers.DrainToImmutable();
    }
}
