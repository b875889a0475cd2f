using System.Text;

namespace Keyhole.Corpora;

/// <summary>The texts of one file, exactly as they stand there and in order: a line of plain text, or a record of JSON lines; empty ones too.</summary>
/// <remarks>The bytes are read and refused as those of a <see cref="Corpus"/>, but nothing is trimmed, joined or left out.</remarks>
public static class TextRecords
{
    private const string DefaultField = "text";

    /// <summary>Reads the texts, one at a time.</summary>
    /// <param name="path">The file; null is standard input. Its end tells the format (<c>.jsonl</c>, <c>.ndjson</c>, <c>.json</c>: JSON lines; a <c>.gz</c> after it aside); standard input is JSON lines if it begins with <c>{"</c>.</param>
    /// <param name="field">The field that holds the text (<c>a.b</c>: field b of object a); given, the file is JSON lines whatever its name.</param>
    /// <exception cref="Engine.InputRefusedException">The file cannot be read, its bytes are not text, or a line is not a record with the field.</exception>
    public static IEnumerable<string> Read(string? path, string? field = null)
    {
        string name = path ?? "standard input";
        using CorpusInput input = new(path is null ? Console.OpenStandardInput() : Open(path), name, static _ => { });
        input.Begin();
        TextCheck.Begin(input);
        bool isJson = field is not null || (path is null ? FileReaders.Sniff(input) : FileReaders.ByName(path)) == CorpusFormat.Json;
        LineReader lines = new(input);
        JsonRecord record = new(name, field ?? DefaultField);
        while (lines.Read())
        {
            if (!isJson) yield return Encoding.UTF8.GetString(lines.Line.Span);
            else if (lines.Line.Span.ContainsAnyExcept(" \t"u8)) yield return record.Read(lines.Line, lines.Offset, lines.Number).Text;
        }
    }

    private static FileStream Open(string path)
    {
        if (Directory.Exists(path)) throw CorpusRefusal.Folder(path);
        if (!File.Exists(path)) throw CorpusRefusal.Missing(path);
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CorpusRefusal.Unreadable(path, e);
        }
    }
}
