namespace Keyhole.Engine.Checkpoints;

/// <summary>One safetensors file.</summary>
public sealed class SafetensorsFile : Checkpoint
{
    private SafetensorsFile(MappedFile file, OrderedDictionary<string, TensorInfo> tensors, IReadOnlyDictionary<string, string> metadata)
        : base([file], tensors)
    {
        Path = file.Path;
        Metadata = metadata;
    }

    /// <inheritdoc/>
    public override string Path { get; }

    /// <summary>The strings of <c>__metadata__</c>; empty where there is none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="InputRefusedException">It is missing, cut short, or damaged.</exception>
    public static new SafetensorsFile Open(string path)
    {
        MappedFile file = MappedFile.Open(path);
        try
        {
            (List<TensorInfo> tensors, OrderedDictionary<string, string> metadata) = SafetensorsHeader.Read(file);
            OrderedDictionary<string, TensorInfo> byName = new(tensors.Count, StringComparer.Ordinal);
            foreach (TensorInfo tensor in tensors)
            {
                byName.Add(tensor.Name, tensor);   // names are distinct: the JSON was read without duplicates
            }
            return new SafetensorsFile(file, byName, metadata);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
