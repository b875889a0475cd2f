namespace Keyhole.Engine.Tokens;

/// <summary>Reads files whole, with a limit.</summary>
internal static class TokenFiles
{
    public static byte[] ReadAll(string path, long limit)
    {
        try
        {
            long length = new FileInfo(path).Length;
            return length <= limit ? File.ReadAllBytes(path) : throw TokenErrors.Field(path, "the file's size", $"{length} bytes", $"at most {limit} bytes");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw TokenErrors.Unreadable(path, exception.Message, exception);
        }
    }

    /// <summary>Reads a JSON file, which must be UTF-8; a byte order mark is dropped.</summary>
    public static byte[] ReadJson(string path, long limit)
    {
        byte[] json = ReadAll(path, limit);
        json = json.AsSpan().StartsWith("\uFEFF"u8) ? json[3..] : json;
        return System.Text.Unicode.Utf8.IsValid(json) ? json : throw TokenErrors.Unreadable(path, "it is not UTF-8.");
    }
}
