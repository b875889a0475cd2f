using System.IO.Compression;
using System.Text;
using Keyhole.Corpora;

namespace Keyhole.Tests.Corpora;

/// <summary>A folder of files for one test, removed after it.</summary>
internal sealed class CorpusFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("keyhole-corpus-").FullName;

    public string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] bytes)
    {
        string path = Path.Combine(Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public static byte[] Gzip(params string[] members)
    {
        using MemoryStream all = new();
        foreach (string member in members)
        {
            using GZipStream gzip = new(all, CompressionLevel.Optimal, leaveOpen: true);
            gzip.Write(Encoding.UTF8.GetBytes(member));
        }

        return all.ToArray();
    }

    public static List<TextUnit> Read(string path, UnitKind kind, string field = "text", long? limit = null)
        => [.. Corpus.Open([path], new CorpusOptions { Unit = kind, TextField = field, Limit = limit }).ReadUnits()];

    public static string[] Texts(string path, UnitKind kind, string field = "text") => [.. Read(path, kind, field).Select(u => u.Text)];

    /// <summary>The bytes of a unit within the decompressed file.</summary>
    public static string Slice(string content, TextUnit unit) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(content).AsSpan((int)unit.Offset, unit.Length));

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
