using System.Text.Json;
using System.Text.Unicode;

namespace Keyhole.Engine.Checkpoints;

/// <summary>JSON that is not trusted: strict, no duplicate names, valid text, every failure a refusal that names the file.</summary>
internal static class JsonFile
{
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    /// <summary>Reads a small JSON file.</summary>
    /// <param name="path">The file.</param> <param name="largestBytes">Larger files are refused unread.</param> <param name="code">Code of the refusal.</param>
    public static JsonDocument Read(string path, long largestBytes, string code)
    {
        byte[] bytes;
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (stream.Length > largestBytes)
            {
                throw new InputRefusedException(code, $"'{path}' has {stream.Length} bytes, more than the {largestBytes} that are read; it is not the file that it should be.");
            }
            bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputRefusedException(code, $"There is no file '{path}'; copy or download all files of the model.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputRefusedException(code, $"'{path}' cannot be read: {error.Message}", error);
        }
        ReadOnlyMemory<byte> text = bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes.AsMemory(3) : bytes;
        return Parse(path, text, code);
    }

    /// <summary>Parses an object.</summary>
    public static JsonDocument Parse(string path, ReadOnlyMemory<byte> utf8, string code)
    {
        if (!Utf8.IsValid(utf8.Span))
        {
            throw new InputRefusedException(code, $"'{path}': its JSON is not valid UTF-8; the file is damaged.");
        }
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(utf8, s_options);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)   // the latter: escapes that are no text
        {
            throw new InputRefusedException(code, $"'{path}': its JSON cannot be read: {error.Message}", error);
        }
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            JsonValueKind kind = document.RootElement.ValueKind;
            document.Dispose();
            throw new InputRefusedException(code, $"'{path}': its JSON is of kind {kind}, not an object; the file is damaged.");
        }
        return document;
    }

    /// <summary>A string's text; null where it is no string, or holds escapes that are no text.</summary>
    public static string? Text(JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;   // a lone surrogate such as "\ud800"
        }
    }

    /// <summary>A property's name; refuses one with escapes that are no text.</summary>
    public static string Name(JsonProperty property, string path, string code)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException error)
        {
            throw new InputRefusedException(code, $"'{path}': a name in its JSON is not valid text; the file is damaged.", error);
        }
    }
}
