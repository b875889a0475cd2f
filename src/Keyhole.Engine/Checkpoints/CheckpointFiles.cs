using Keyhole.Engine.Checkpoints.PyTorch;

namespace Keyhole.Engine.Checkpoints;

/// <summary>Finds the weight files that a path stands for.</summary>
internal static class CheckpointFiles
{
    private const string IndexEnding = ".index.json";
    private const string FairseqDictionary = "dict.txt";

    private static readonly string[] s_named = ["model.safetensors", "model.safetensors" + IndexEnding, "pytorch_model.bin", "pytorch_model.bin" + IndexEnding];
    private static readonly string[] s_weights = [".safetensors", ".bin", ".pt", ".pth", ".gguf", ".h5", ".msgpack", ".onnx"];

    // What training scripts leave beside the weights, in the same kinds of files.
    private static readonly string[] s_leftovers = ["optimizer", "scheduler", "training_args", "rng_state", "scaler"];

    /// <summary>Opens what <see cref="Checkpoint.Open"/> describes.</summary>
    public static Checkpoint Open(string path)
    {
        if (Directory.Exists(path))
        {
            return Open(FindInFolder(path));
        }
        if (path.EndsWith(IndexEnding, StringComparison.OrdinalIgnoreCase))
        {
            return ShardedCheckpoint.Open(Path.GetDirectoryName(path) ?? "", path);
        }
        byte[] start = FirstBytes(path);
        return start switch
        {
            [(byte)'G', (byte)'G', (byte)'U', (byte)'F', ..] => GgufFile.Open(path),
            _ when path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) => SafetensorsFile.Open(path),
            _ when path.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) => GgufFile.Open(path),
            _ when PyTorchTensors.Begins(start) => PyTorchFile.Open(path),
            _ => throw new InputRefusedException(CheckpointCodes.NotACheckpoint,
                $"'{path}' is neither a .safetensors nor a .gguf file, nor one of torch.save; give a folder with '{s_named[0]}' or '{s_named[2]}', or a file of one of these kinds."),
        };
    }

    /// <summary>The .gguf file in a folder, where it is the only file of weights; else null.</summary>
    public static string? OnlyGguf(string folder) => OnlyGguf(Weights(FilesIn(folder)));

    private static string FindInFolder(string folder)
    {
        if (s_named.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists) is string named)
        {
            return named;
        }
        string[] files = FilesIn(folder);
        string[] weights = Weights(files);
        return OnlyOne(weights, ".safetensors")
            ?? OnlyOne(weights, ".bin")
            ?? (files.Any(file => Path.GetFileName(file) == FairseqDictionary) ? OnlyOne(weights, ".pt") : null)
            ?? OnlyGguf(weights)
            ?? throw NoWeights(folder, weights);
    }

    private static string[] FilesIn(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputRefusedException(CheckpointCodes.NotFound, $"Folder '{folder}' cannot be read: {error.Message}", error);
        }
    }

    private static string[] Weights(string[] files) => [.. files.Where(file => EndingOf(file) is not null && !IsLeftover(file))];

    private static string? OnlyGguf(string[] weights) => weights.Length == 1 ? OnlyOne(weights, ".gguf") : null;

    private static string? OnlyOne(string[] weights, string ending)
        => weights.Where(file => EndingOf(file) == ending).ToArray() is [string only] ? only : null;

    private static string? EndingOf(string file) => s_weights.FirstOrDefault(ending => file.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    // optimizer.pt, training_args.bin, rng_state_0.pth
    private static bool IsLeftover(string file)
        => s_leftovers.Any(name => Path.GetFileName(file.AsSpan()).StartsWith(name, StringComparison.OrdinalIgnoreCase));

    private static InputRefusedException NoWeights(string folder, string[] weights)
    {
        string found = weights.Length == 0 ? "no weights" : Naming.List([.. weights.Select(file => Path.GetFileName(file))]);
        return new InputRefusedException(CheckpointCodes.NotACheckpoint,
            $"Folder '{folder}' has none of {string.Join(", ", s_named.Select(name => $"'{name}'"))}; it holds {found}. Give the path of one file, or convert the model to safetensors.{HuggingFaceCache.Unfinished(folder)}");
    }

    private static byte[] FirstBytes(string path)
    {
        using MappedFile file = MappedFile.Open(path);
        return file.Slice(0, (int)Math.Min(file.Length, 4)).ToArray();
    }
}
