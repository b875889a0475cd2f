namespace Keyhole.Fuzz;

/// <summary>An input that a reader opens whole: the start of damaged ones.</summary>
/// <param name="Name">What is printed.</param>
/// <param name="Reader">What opens it.</param>
/// <param name="Files">All its files by name, each in one folder.</param>
/// <param name="Open">The file that is opened; empty for the folder.</param>
internal sealed record Seed(string Name, InputReader Reader, IReadOnlyDictionary<string, byte[]> Files, string Open)
{
    /// <summary>The files that are damaged, in a fixed order.</summary>
    public IReadOnlyList<string> Damaged { get; init; } = [.. Files.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Bytes of all files.</summary>
    public long TotalBytes => Files.Values.Sum(bytes => (long)bytes.Length);

    /// <summary>A single file.</summary>
    public static Seed OfFile(string name, InputReader reader, string fileName, byte[] bytes)
        => new(name, reader, new Dictionary<string, byte[]> { [fileName] = bytes }, fileName);
}
