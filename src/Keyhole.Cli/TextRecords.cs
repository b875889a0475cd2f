using System.Text;
using Keyhole.Corpora;
using Keyhole.Engine;

namespace Keyhole.Cli;

/// <summary>The texts of one file, exactly as they stand there and in order: a line of plain text, or a record of JSON lines; empty ones too.</summary>
/// <remarks>The bytes are read and refused by the corpora's own readers, but unlike in a corpus nothing is trimmed, joined or left out.</remarks>
internal static class TextRecords
{
    private const string DefaultField = "text";

    /// <summary>Reads the texts, one at a time.</summary>
    /// <param name="path">The file; null is standard input. Its end tells the format (<c>.jsonl</c>, <c>.ndjson</c>, <c>.json</c>: JSON lines; a <c>.gz</c> after it aside); standard input is JSON lines if it begins with <c>{"</c>.</param>
    /// <param name="field">The field that holds the text (<c>a.b</c>: field b of object a); given, the file is JSON lines whatever its name.</param>
    /// <exception cref="InputRefusedException">The file cannot be read, its bytes are not text, or a line is not a record with the field.</exception>
    public static IEnumerable<string> Read(string? path, string? field)
    {
        string name = path ?? "standard input";
        using var input = new CorpusInput(path is null ? Console.OpenStandardInput() : Open(path), name, static _ => { });
        input.Begin();
        TextCheck.Begin(input);
        var lines = new LineReader(input);
        var record = new JsonRecord(name, field ?? DefaultField);
        bool json = field is not null || (path is not null && IsJsonName(path));
        while (lines.Read())
        {
            json |= path is null && lines.Number == 1 && lines.Line.Span.StartsWith("{\""u8);
            if (!json)
            {
                yield return Encoding.UTF8.GetString(lines.Line.Span);
            }
            else if (lines.Line.Span.ContainsAnyExcept(" \t"u8))
            {
                yield return record.Read(lines.Line, lines.Offset, lines.Number).Text;
            }
        }
    }

    private static bool IsJsonName(string path)
    {
        string plain = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        return Path.GetExtension(plain).ToUpperInvariant() is ".JSONL" or ".NDJSON" or ".JSON";
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputRefusedException("KH6002", Directory.Exists(path) ? $"'{path}' is a folder: name a file of texts." : $"{error.Message} Check the path and its permissions.", error);
        }
    }
}
