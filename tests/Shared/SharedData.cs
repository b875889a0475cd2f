using System.Runtime.CompilerServices;
using Xunit;

namespace Keyhole.TestSupport;

/// <summary>Finds the repository and the optional reference data beside it (<c>../shared</c>).</summary>
internal static class SharedData
{
    /// <summary>The repository's root folder.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The folder of reference data, or null where this machine has none. KEYHOLE_SHARED overrides it.</summary>
    public static string? Root { get; } = FindShared();

    /// <summary>Path of a file or folder of the reference data; skips the test with a sentence where it is missing.</summary>
    public static string Require(params string[] parts)
    {
        string relative = Path.Combine(parts);
        string path = Root is null ? relative : Path.Combine(Root, relative);
        Assert.SkipUnless(Root is not null && (File.Exists(path) || Directory.Exists(path)),
            $"Reference data '{relative}' is not on this machine (looked for a folder 'shared' beside the repository); the test needs it.");
        return path;
    }

    private static string FindRepository([CallerFilePath] string here = "")
        => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));

    private static string? FindShared()
    {
        string path = Environment.GetEnvironmentVariable("KEYHOLE_SHARED") ?? Path.Combine(Repository, "..", "shared");
        return Directory.Exists(path) ? Path.GetFullPath(path) : null;
    }
}
