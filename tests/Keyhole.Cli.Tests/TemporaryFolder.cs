namespace Keyhole.Cli.Tests;

/// <summary>A folder of its own for one test, removed with everything in it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    /// <summary>The folder, empty.</summary>
    public string Root { get; } = Directory.CreateTempSubdirectory("keyhole-test-").FullName;

    /// <summary>Path of a file or folder in it.</summary>
    public string At(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>Writes a file in it and gives its path.</summary>
    public string Write(string name, string content)
    {
        string path = At(name);
        File.WriteAllText(path, content);
        return path;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Root, recursive: true);
}
