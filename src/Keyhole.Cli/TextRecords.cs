using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Keyhole.Engine;

namespace Keyhole.Cli;

/// <summary>The texts of one file, exactly as they stand there and in order: a line of plain text, or a record of JSON lines; empty ones too.</summary>
/// <remarks>Unlike a corpus, nothing is trimmed, joined or left out. Lines end with <c>\n</c>, <c>\r\n</c> or a lone <c>\r</c>; a byte order mark is stepped over.</remarks>
internal sealed class TextRecords
{
    private const string Code = "KH6007";
    private const string DefaultField = "text";
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly string _name;
    private readonly string? _field;

    /// <param name="name">The file's name: in messages, and its end tells the format (<c>.jsonl</c>, <c>.ndjson</c>, <c>.json</c>: JSON lines; a <c>.gz</c> after it aside).</param>
    /// <param name="field">The field that holds the text (<c>a.b</c>: field b of object a); given, the file is JSON lines whatever its name.</param>
    public TextRecords(string name, string? field)
    {
        _name = name;
        string plain = name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? name[..^3] : name;
        bool jsonName = Path.GetExtension(plain).ToUpperInvariant() is ".JSONL" or ".NDJSON" or ".JSON";
        _field = field ?? (jsonName ? DefaultField : null);
    }

    /// <summary>Opens a file; gzip is told by its name.</summary>
    /// <exception cref="InputRefusedException">It is not there, a folder, or not readable.</exception>
    public static Stream Open(string path)
    {
        try
        {
            Stream file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
            return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputRefusedException("KH6002", Directory.Exists(path) ? $"'{path}' is a folder: name a file of texts." : $"{error.Message} Check the path and its permissions.", error);
        }
    }

    /// <summary>Reads the texts, one at a time.</summary>
    /// <exception cref="InputRefusedException">The bytes are not text, or a line is not a record with the field.</exception>
    public IEnumerable<string> Read(Stream stream)
    {
        var lines = new ByteLines(stream, _name);
        bool json = _field is not null;
        while (lines.Next())
        {
            if (lines.Number == 1 && _field is null && lines.Line.Span.StartsWith("{\""u8))
            {
                json = _name == StandardInput; // Standard input has no name to tell its format by.
            }
            if (!json)
            {
                yield return Decode(lines);
            }
            else if (lines.Line.Span.ContainsAnyExcept(" \t"u8))
            {
                yield return Field(lines);
            }
        }
    }

    /// <summary>The name of standard input.</summary>
    public const string StandardInput = "standard input";

    private string Decode(ByteLines lines)
    {
        try
        {
            return Strict.GetString(lines.Line.Span);
        }
        catch (DecoderFallbackException error)
        {
            throw Refuse(lines, "is not UTF-8 text; convert it first, for example with iconv", error);
        }
    }

    private string Field(ByteLines lines)
    {
        string field = _field ?? DefaultField;
        try
        {
            using JsonDocument record = JsonDocument.Parse(lines.Line);
            JsonElement root = record.RootElement;
            if (root.ValueKind == JsonValueKind.String)
            {
                return root.GetString()!;
            }
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw Refuse(lines, "is neither a JSON object nor a JSON string");
            }
            if (Find(root, field) is not { } value)
            {
                string present = string.Join(", ", root.EnumerateObject().Take(10).Select(property => $"'{property.Name}'"));
                throw Refuse(lines, $"has no field '{field}' (its fields: {present}); name one with --text-field");
            }
            return value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Refuse(lines, $"has no string in field '{field}' but a value of kind {value.ValueKind}");
        }
        catch (JsonException error)
        {
            throw Refuse(lines, "is not JSON; expected one object or string a line", error);
        }
        catch (InvalidOperationException error)
        {
            throw Refuse(lines, $"has half of a surrogate pair or a byte that is not UTF-8 in field '{field}', which is no text", error);
        }
    }

    // The name itself first, since a field may have a dot in its name.
    private static JsonElement? Find(JsonElement record, string field)
    {
        if (record.ValueKind != JsonValueKind.Object)
        {
            return null;
        }
        if (record.TryGetProperty(field, out JsonElement value))
        {
            return value;
        }
        int dot = field.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && record.TryGetProperty(field[..dot], out JsonElement inner) ? Find(inner, field[(dot + 1)..]) : null;
    }

    private InputRefusedException Refuse(ByteLines lines, string what, Exception? cause = null)
        => new(Code, string.Create(CultureInfo.InvariantCulture, $"{_name}, line {lines.Number}: {what}."), cause);
}
