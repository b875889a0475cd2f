namespace Keyhole.Engine.Checkpoints;

/// <summary>What a user names a model by: a path, or a name in a Hugging Face cache on this machine.</summary>
public static class ModelPath
{
    /// <summary>
    /// The file or folder that is meant. One that is there is meant itself; else <c>org/name</c>, <c>name</c> or <c>org/name@revision</c> is looked for in the
    /// Hugging Face caches of this machine. Nothing is ever downloaded.
    /// </summary>
    /// <param name="given">A path or a name. The revision is a branch, a tag, a commit or the beginning of one; <c>main</c> where none is given.</param>
    /// <returns>The path as given, or the folder of a snapshot. What is no name of a model is given back, whether it is there or not.</returns>
    /// <exception cref="InputRefusedException">There is no such file, folder or model (KH1001); the cache does not hold that revision (KH1018).</exception>
    public static string Resolve(string given)
    {
        ArgumentException.ThrowIfNullOrEmpty(given);
        return Resolve(given, HuggingFaceCache.Folders(Environment.GetEnvironmentVariable, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)));
    }

    /// <summary>The same with caches that are given.</summary>
    internal static string Resolve(string given, IReadOnlyList<string> caches)
    {
        if (File.Exists(given) || Directory.Exists(given) || HuggingFaceName.Parse(given) is not HuggingFaceName name)
        {
            return given;
        }
        string? model = caches.Select(cache => Path.Combine(cache, name.Folder)).FirstOrDefault(Directory.Exists);
        return model is not null ? HuggingFaceCache.Snapshot(model, name) : throw new InputRefusedException(CheckpointCodes.NotFound,
            $"There is no file or folder '{given}', and no '{name.Folder}' in the Hugging Face caches {Naming.List(caches)}. Keyhole never downloads: give a path, or fetch the model first with 'hf download {name.Id}'.");
    }
}
