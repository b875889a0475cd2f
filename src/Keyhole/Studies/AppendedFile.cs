namespace Keyhole.Studies;

/// <summary>Opens the files that a run appends to.</summary>
internal static class AppendedFile
{
    private const int BufferBytes = 1 << 20;

    /// <summary>Opens a file, which is made where there is none, to go on behind its first bytes.</summary>
    /// <param name="path">The file; what it holds beyond <paramref name="length"/> is dropped.</param>
    /// <param name="length">Bytes to keep.</param>
    /// <exception cref="IOException">The file cannot be written, or is shorter.</exception>
    public static FileStream Open(string path, long length)
    {
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, BufferBytes);
        if (file.Length < length)
        {
            file.Dispose();
            throw new EndOfStreamException($"{path} has fewer than {length} bytes");
        }

        file.SetLength(length);
        file.Position = length;
        return file;
    }
}
