using System.Text;

namespace Keyhole.Engine.Checkpoints.PyTorch;

/// <summary>The container that torch.save writes since PyTorch 1.6: a zip archive with the pickle <c>PREFIX/data.pkl</c> and each storage in <c>PREFIX/data/KEY</c>.</summary>
internal static class ZipContainer
{
    private const string Pickle = "/data.pkl";

    /// <summary>Reads the saved object; its storages get their places.</summary>
    /// <exception cref="InputRefusedException">It is damaged, TorchScript, or of a big-endian machine.</exception>
    public static object? Read(MappedFile file)
    {
        IReadOnlyDictionary<string, ZipEntry> entries = ZipDirectory.Read(file).Entries;
        ZipEntry[] pickles = [.. entries.Values.Where(entry => entry.Name.EndsWith(Pickle, StringComparison.Ordinal) && entry.Name.Count(c => c == '/') == 1)];
        if (pickles.Length != 1)
        {
            throw new InputRefusedException(CheckpointCodes.PyTorchContent, $"'{file.Path}' is a zip archive with {(pickles.Length == 0 ? "no" : "more than one")} entry '*{Pickle}', so it is not what torch.save writes; give a file of weights.");
        }
        string prefix = pickles[0].Name[..^Pickle.Length];
        if (entries.Keys.Any(name => name == prefix + "/constants.pkl" || name.StartsWith(prefix + "/code/", StringComparison.Ordinal)))
        {
            throw new InputRefusedException(CheckpointCodes.PyTorchContent, $"'{file.Path}' is a TorchScript program (torch.jit.save), which is not run; save the model's state_dict with torch.save, or convert it to safetensors.");
        }
        if (entries.GetValueOrDefault(prefix + "/byteorder") is { Length: < 16 } order && Encoding.UTF8.GetString(file.Slice(order.Offset, (int)order.Length)).Trim() is var name && name != "little")
        {
            throw new InputRefusedException(CheckpointCodes.Version, $"'{file.Path}' was saved with the byte order {Naming.Quote(name)}; little-endian files are read: save it again on another machine.");
        }

        var cursor = new PickleCursor(file, pickles[0].Offset, pickles[0].Offset + pickles[0].Length);
        var objects = new PyTorchObjects(cursor);
        object? root = new PickleMachine(cursor, objects).Read();
        foreach (PyTorchStorage storage in objects.Storages.Values)
        {
            if (entries.GetValueOrDefault($"{prefix}/data/{storage.Key}") is ZipEntry entry && entry.Length >= storage.ByteLength)
            {
                storage.Offset = entry.Offset;
            }
        }
        return root;
    }
}
