namespace Keyhole.Engine.Checkpoints;

/// <summary>Finds the weight files that a path stands for.</summary>
internal static class CheckpointFiles
{
    private const string SingleFile = "model.safetensors";
    private const string IndexFile = "model.safetensors.index.json";

    /// <summary>Opens what <see cref="Checkpoint.Open"/> describes.</summary>
    public static Checkpoint Open(string path)
    {
        if (Directory.Exists(path))
        {
            return OpenFolder(path);
        }
        if (path.EndsWith(".index.json", StringComparison.OrdinalIgnoreCase))
        {
            return ShardedSafetensors.Open(Path.GetDirectoryName(path) ?? "", path);
        }
        return FirstBytes(path) switch
        {
            [(byte)'G', (byte)'G', (byte)'U', (byte)'F', ..] => GgufFile.Open(path),
            _ when path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) => SafetensorsFile.Open(path),
            _ when path.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) => GgufFile.Open(path),
            _ => throw new InputRefusedException(CheckpointCodes.NotACheckpoint,
                $"'{path}' is neither a .safetensors nor a .gguf file; give a folder with '{SingleFile}' or '{IndexFile}', or a file of one of these kinds."),
        };
    }

    private static Checkpoint OpenFolder(string folder)
    {
        string single = Path.Combine(folder, SingleFile);
        if (File.Exists(single))
        {
            return Open(single);
        }
        string index = Path.Combine(folder, IndexFile);
        if (File.Exists(index))
        {
            return ShardedSafetensors.Open(folder, index);
        }
        string[] files;
        try
        {
            files = [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputRefusedException(CheckpointCodes.NotFound, $"Folder '{folder}' cannot be read: {error.Message}", error);
        }
        string[] safetensors = [.. files.Where(file => file.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase))];
        return safetensors.Length == 1 ? Open(safetensors[0]) : throw NoWeights(folder, files);
    }

    private static InputRefusedException NoWeights(string folder, string[] files)
    {
        string[] weights = [.. files
            .Where(file => Path.GetExtension(file).ToUpperInvariant() is ".SAFETENSORS" or ".GGUF" or ".BIN" or ".PT" or ".PTH" or ".H5" or ".MSGPACK" or ".ONNX")
            .Select(file => Path.GetFileName(file))];
        string found = weights.Length == 0 ? "no weights" : Naming.List(weights);
        return new InputRefusedException(CheckpointCodes.NotACheckpoint,
            $"Folder '{folder}' has neither '{SingleFile}' nor '{IndexFile}'; it holds {found}. Give the path of one .safetensors or .gguf file, or convert the model to safetensors.");
    }

    private static byte[] FirstBytes(string path)
    {
        using MappedFile file = MappedFile.Open(path);
        return file.Slice(0, (int)Math.Min(file.Length, 4)).ToArray();
    }
}
