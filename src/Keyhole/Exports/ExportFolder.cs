using Keyhole.Engine;
using Keyhole.Studies;

namespace Keyhole.Exports;

/// <summary>Writes the files of an export under temporary names and renames them together once all are whole.</summary>
internal sealed class ExportFolder : IDisposable
{
    private const string Partial = ".partial";
    private const int BufferBytes = 1 << 16;

    private readonly string _folder;
    private readonly List<string> _paths = [];

    /// <summary>Opens the folder, and makes it where it is missing.</summary>
    /// <exception cref="StudyNotWrittenException">KH5120: it cannot be made.</exception>
    public ExportFolder(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        _folder = folder;
        Guard(() => Directory.CreateDirectory(folder));
    }

    /// <summary>Adds a file and writes its content; a file of that name is replaced when the export is complete.</summary>
    /// <exception cref="StudyNotWrittenException">KH5120: it cannot be written.</exception>
    public void Write(string name, Action<Stream> write) => Guard(() =>
    {
        string path = Path.Combine(_folder, name);
        if (OutputTarget.Fault(path) is { } fault)
        {
            throw new IOException($"{name}: {fault}");   // found before anything is replaced
        }

        // The file itself keeps no buffer, so that closing it after a failed write cannot fail again.
        FileStream file = new(path + Partial, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        _paths.Add(path);
        using BufferedStream stream = new(file, BufferBytes);
        write(stream);
        stream.Flush();
        file.Flush(flushToDisk: true);
    });

    /// <summary>Puts every file in its place.</summary>
    /// <exception cref="StudyNotWrittenException">KH5120: it cannot be written.</exception>
    public void Complete() => Guard(() =>
    {
        foreach (string path in _paths)
        {
            File.Move(path + Partial, path, overwrite: true);
        }

        _paths.Clear();
    });

    /// <summary>Removes what was not completed.</summary>
    public void Dispose()
    {
        foreach (string path in _paths)
        {
            File.Delete(path + Partial);
        }
    }

    private void Guard(Action write)
    {
        try
        {
            write();
        }
        catch (Exception cause) when (cause is UnauthorizedAccessException or (IOException and not StudyNotWrittenException))
        {
            throw new StudyNotWrittenException("KH5120",
                $"{_folder}: the export could not be written ({cause.Message.TrimEnd('.')}); check the folder's permissions and space or give another one with -o.", cause);
        }
    }
}
