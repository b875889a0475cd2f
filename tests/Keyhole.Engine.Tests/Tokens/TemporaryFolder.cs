using System.IO.Compression;
using System.Runtime.CompilerServices;

namespace Keyhole.Engine.Tests.Tokens;

/// <summary>A folder for one test's files, removed afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("keyhole-tokens-").FullName;

    public string Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] bytes)
    {
        string path = System.IO.Path.Combine(Path, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>Unpacks the reference files of <c>Golden/tokenizers/NAME</c>.</summary>
    public void Unpack(string name)
    {
        foreach (string packed in Directory.GetFiles(System.IO.Path.Combine(GoldenFolder(), name), "*.gz"))
        {
            using var source = new GZipStream(File.OpenRead(packed), CompressionMode.Decompress);
            using FileStream target = File.Create(System.IO.Path.Combine(Path, System.IO.Path.GetFileNameWithoutExtension(packed)));
            source.CopyTo(target);
        }
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static string GoldenFolder([CallerFilePath] string here = "") =>
        System.IO.Path.Combine(System.IO.Path.GetDirectoryName(here)!, "..", "Golden", "tokenizers");
}
