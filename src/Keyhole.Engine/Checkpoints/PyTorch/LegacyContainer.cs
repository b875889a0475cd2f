using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;

namespace Keyhole.Engine.Checkpoints.PyTorch;

/// <summary>The container of torch.save before PyTorch 1.6: five pickles in a row (magic number, version, machine, object, keys), then the storages in the order of the keys.</summary>
/// <remarks>Each storage is a count of elements in 8 bytes and the elements, without alignment: torch/serialization.py, <c>_legacy_save</c>.</remarks>
internal static class LegacyContainer
{
    private const long Version = 1001;

    private static readonly BigInteger s_magic = BigInteger.Parse("1950a86a20f9469cfc6c", NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    /// <summary>Reads the saved object; its storages get their places.</summary>
    /// <exception cref="InputRefusedException">It is cut short, damaged, another kind of pickle, or of a big-endian machine.</exception>
    public static object? Read(MappedFile file)
    {
        var cursor = new PickleCursor(file, 0, file.Length);
        var objects = new PyTorchObjects(cursor);
        object? Next() => new PickleMachine(cursor, objects).Read();

        if (Next() is not BigInteger magic || magic != s_magic)
        {
            throw new InputRefusedException(CheckpointCodes.PyTorchContent, $"'{file.Path}' is a Python pickle, but not one of torch.save; save the model's state_dict with torch.save, or convert it to safetensors.");
        }
        if (Next() is not Version || Next() is not PickleDictionary machine || machine["little_endian"] is not true)
        {
            throw new InputRefusedException(CheckpointCodes.Version, $"'{file.Path}': its container is not of version {Version}, or was saved on a big-endian machine; save the model again with a current PyTorch.");
        }
        object? root = Next();
        Locate(file, objects.Storages, Next() as List<object?> ?? throw cursor.Refuse("has no list of storages"), cursor.Position);
        return root;
    }

    private static void Locate(MappedFile file, IReadOnlyDictionary<string, PyTorchStorage> storages, List<object?> keys, long position)
    {
        foreach (object? key in keys)
        {
            if (key is not string name || storages.GetValueOrDefault(name) is not PyTorchStorage storage || storage.Offset is not null)
            {
                throw new InputRefusedException(CheckpointCodes.Malformed, $"'{file.Path}': its list of storages names {Naming.Quote(key as string ?? "something else than a string")}, which its pickle does not, or not with a known type, or names it twice; where the others lie cannot be known.");
            }
            long left = file.Length - position - sizeof(long);
            long count = left < 0 ? -1 : BinaryPrimitives.ReadInt64LittleEndian(file.Slice(position, sizeof(long)));
            if (left < storage.ByteLength)
            {
                throw new InputRefusedException(CheckpointCodes.Truncated, string.Create(CultureInfo.InvariantCulture,
                    $"'{file.Path}': storage {Naming.Quote(name)} needs {storage.ByteLength} bytes from byte {position + sizeof(long)}, the file has {Math.Max(0, left)} there: it is cut short; copy or download it again."));
            }
            if (count != storage.Count)
            {
                throw new InputRefusedException(CheckpointCodes.TensorTable, string.Create(CultureInfo.InvariantCulture,
                    $"'{file.Path}': storage {Naming.Quote(name)} at byte {position} has {count} elements, and the pickle says {storage.Count}; the file is damaged."));
            }
            storage.Offset = position + sizeof(long);
            position += sizeof(long) + storage.ByteLength;
        }
        if (position != file.Length)
        {
            throw new InputRefusedException(CheckpointCodes.TensorTable, string.Create(CultureInfo.InvariantCulture,
                $"'{file.Path}' has {file.Length} bytes, but its storages end at byte {position}; the file is damaged."));
        }
    }
}
