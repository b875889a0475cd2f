namespace Keyhole.Engine.Models.Families;

/// <summary>Names the file in refusals of parts that do not know where their settings come from.</summary>
internal static class RefusalContext
{
    /// <summary>Reads a part; what it is refused for begins with the file's name.</summary>
    /// <param name="file">config.json or GGUF file.</param>
    /// <param name="read">Reads the part.</param>
    /// <exception cref="InputRefusedException">The part is refused.</exception>
    public static T In<T>(string file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InputRefusedException refused) when (!refused.Message.Contains(file, StringComparison.Ordinal))
        {
            throw new InputRefusedException(refused.Code, $"{file}: {refused.Message}", refused);
        }
    }
}
