namespace Keyhole.Engine.Checkpoints.PyTorch;

/// <summary>The container that torch.save writes since PyTorch 1.6: a zip archive with the pickle <c>PREFIX/data.pkl</c> and each storage in <c>PREFIX/data/KEY</c>.</summary>
internal static class ZipContainer
{
    private const string Pickle = "/data.pkl";
    private const int LongestOrder = 16;

    /// <summary>Reads the saved object; its storages get their places.</summary>
    /// <exception cref="InputRefusedException">It is damaged, TorchScript, or of a big-endian machine.</exception>
    public static object? Read(MappedFile file)
    {
        var zip = ZipDirectory.Read(file);
        string[] pickles = [.. zip.Names.Where(name => name.EndsWith(Pickle, StringComparison.Ordinal) && name.Count(c => c == '/') == 1)];
        if (pickles.Length != 1 || zip.Find(pickles[0]) is not ZipEntry pickle)
        {
            throw new InputRefusedException(CheckpointCodes.PyTorchContent, $"'{file.Path}' is a zip archive with {(pickles.Length == 0 ? "no" : "more than one")} entry '*{Pickle}', so it is not what torch.save writes; give a file of weights.");
        }
        string prefix = pickles[0][..^Pickle.Length];
        if (zip.Names.Any(name => name == prefix + "/constants.pkl" || name.StartsWith(prefix + "/code/", StringComparison.Ordinal)))
        {
            throw new InputRefusedException(CheckpointCodes.PyTorchContent, $"'{file.Path}' is a TorchScript program (torch.jit.save), which is not run; save the model's state_dict with torch.save, or convert it to safetensors.");
        }
        if (zip.Find(prefix + "/byteorder") is ZipEntry order && !file.Slice(order.Offset, (int)Math.Min(order.Length, LongestOrder)).SequenceEqual("little"u8))
        {
            throw new InputRefusedException(CheckpointCodes.Version, $"'{file.Path}': its entry '{prefix}/byteorder' is not 'little', so it was saved on a big-endian machine; save it again on another one.");
        }

        var cursor = new PickleCursor(file, pickle.Offset, pickle.Offset + pickle.Length);
        var objects = new PyTorchObjects(cursor);
        object? root = new PickleMachine(cursor, objects).Read();
        foreach (PyTorchStorage storage in objects.Storages.Values)
        {
            if (zip.Find($"{prefix}/data/{storage.Key}") is ZipEntry entry && entry.Length >= storage.ByteLength)
            {
                storage.Offset = entry.Offset;
            }
        }
        return root;
    }
}
