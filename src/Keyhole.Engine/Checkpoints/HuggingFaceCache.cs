using System.Buffers;

namespace Keyhole.Engine.Checkpoints;

/// <summary>Models that other programs have downloaded: <c>models--ORG--NAME/snapshots/COMMIT</c> holds links to <c>blobs</c>, <c>refs</c> the commits of branches.</summary>
/// <remarks>Layout and variables: https://huggingface.co/docs/huggingface_hub/guides/manage-cache and .../package_reference/environment_variables.</remarks>
internal static class HuggingFaceCache
{
    private const string Snapshots = "snapshots";
    private const int LongestCommit = 64;
    private const int ShortestPrefix = 4;

    private static readonly SearchValues<char> s_hexadecimal = SearchValues.Create("0123456789abcdef");

    /// <summary>The caches' folders, in the order in which they are looked through.</summary>
    /// <param name="variable">Value of an environment variable; null where it is not set.</param> <param name="home">The user's folder.</param>
    public static IReadOnlyList<string> Folders(Func<string, string?> variable, string home)
    {
        string? Under(string name, params string[] parts) => variable(name) is { Length: > 0 } value ? Path.Combine([value, .. parts]) : null;
        string?[] folders =
        [
            Under("HF_HUB_CACHE"),
            Under("HUGGINGFACE_HUB_CACHE"),
            Under("HF_HOME", "hub"),
            Under("XDG_CACHE_HOME", "huggingface", "hub"),
            Path.Combine(home, ".cache", "huggingface", "hub"),
        ];
        return [.. folders.OfType<string>().Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The folder of a snapshot.</summary>
    /// <param name="model">The model's folder in a cache.</param> <param name="name">The model's name with its revision.</param>
    /// <exception cref="InputRefusedException">The cache does not hold that revision, or holds several that it may be.</exception>
    public static string Snapshot(string model, HuggingFaceName name)
    {
        string snapshots = Path.Combine(model, Snapshots);
        string[] commits = Directory.Exists(snapshots) ? [.. Directory.EnumerateDirectories(snapshots).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)] : [];
        string[] meant = Meant(model, name, commits);
        return meant.Length == 1 ? Path.Combine(snapshots, meant[0]) : throw new InputRefusedException(CheckpointCodes.ModelCache,
            $"'{model}' holds {(meant.Length == 0 ? "no snapshot" : "more than one snapshot")} of the revision {Naming.Quote(name.Revision ?? "main")} ({(commits.Length == 0 ? "none at all" : "there are " + Naming.List(commits))}). Keyhole never downloads: fetch it with 'hf download {name.Id}', or name one as {name.Id}@COMMIT.{Unfinished(Path.Combine(snapshots, "_"))}");
    }

    /// <summary>A sentence, with a blank before it, where a download into the cache that a folder belongs to was broken off; else empty.</summary>
    /// <param name="folder">A folder of a snapshot; any other folder gives the empty text.</param>
    public static string Unfinished(string folder)
    {
        string? snapshots = Path.GetDirectoryName(Path.GetFullPath(Path.Combine(folder, ".")).TrimEnd(Path.DirectorySeparatorChar));
        if (snapshots is null || Path.GetFileName(snapshots) != Snapshots)
        {
            return "";
        }
        string blobs = Path.Combine(snapshots, "..", "blobs");
        int count = Directory.Exists(blobs) ? Directory.EnumerateFiles(blobs, "*.incomplete").Count() : 0;
        return count == 0 ? "" : $" A download into this cache is not finished ({count} files '*.incomplete' in 'blobs'): let it end, or start it again.";
    }

    private static string[] Meant(string model, HuggingFaceName name, string[] commits)
    {
        string revision = name.Revision ?? "main";
        string reference = Path.Combine(model, "refs", revision);
        if (File.Exists(reference))
        {
            string commit = ReadReference(reference);
            return [.. commits.Where(folder => folder == commit)];
        }
        if (name.Revision is null)
        {
            return commits;   // without refs only one snapshot can be meant
        }
        return commits.Contains(revision) ? [revision]
            : revision.Length >= ShortestPrefix && !revision.AsSpan().ContainsAnyExcept(s_hexadecimal) ? [.. commits.Where(folder => folder.StartsWith(revision, StringComparison.Ordinal))]
            : [];
    }

    private static string ReadReference(string path)
    {
        Span<byte> bytes = stackalloc byte[LongestCommit + 2];
        int length;
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputRefusedException(CheckpointCodes.ModelCache, $"'{path}' cannot be read: {error.Message}", error);
        }
        string commit = System.Text.Encoding.ASCII.GetString(bytes[..length]).Trim();
        return commit.Length is > 0 and <= LongestCommit && commit.All(char.IsAsciiLetterOrDigit) ? commit : throw new InputRefusedException(CheckpointCodes.ModelCache,
            $"'{path}' holds {Naming.Quote(commit)}, which is not the name of a commit; fetch the model again.");
    }
}
