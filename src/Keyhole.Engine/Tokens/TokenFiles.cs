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
}
