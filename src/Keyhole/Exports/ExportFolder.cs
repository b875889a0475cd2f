using Keyhole.Engine;
using Keyhole.Studies;

namespace Keyhole.Exports;

/// <summary>Writes the files of an export under temporary names and renames them together once all are whole.</summary>
/// <remarks>Files may lie in subfolders, which are made where they are missing and removed again where the export does not come to its end.</remarks>
internal sealed class ExportFolder : IDisposable
{
    private const string Partial = ".partial";
    private const int BufferBytes = 1 << 16;

    private readonly string _folder;
    private readonly List<string> _names = [];
    private readonly List<string> _made = [];
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private bool _complete;

    /// <summary>Opens the folder, and makes it where it is missing.</summary>
    /// <exception cref="StudyNotWrittenException">KH5120: it cannot be made.</exception>
    public ExportFolder(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        _folder = folder;
        Guard(() => Directory.CreateDirectory(folder));
    }

    /// <summary>Adds a file and writes its content; a file of that name is replaced when the export is complete.</summary>
    /// <param name="name">Its name, with '/' between subfolders.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="flush">Brings the content to the disk at once; off where there are tens of thousands of small files.</param>
    /// <exception cref="StudyNotWrittenException">KH5120: it cannot be written.</exception>
    public void Write(string name, Action<Stream> write, bool flush = true) => Guard(() =>
    {
        string path = Begin(name);

        // The file itself keeps no buffer, so that closing it after a failed write cannot fail again.
        FileStream file = new(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        _names.Add(name);
        using BufferedStream stream = new(file, BufferBytes);
        write(stream);
        stream.Flush();
        if (flush)
        {
            file.Flush(flushToDisk: true);
        }
    });

    /// <summary>Adds a file that something else writes at the path it is given.</summary>
    /// <param name="name">Its name, with '/' between subfolders.</param>
    /// <param name="write">Writes a file at a path.</param>
    /// <exception cref="StudyNotWrittenException">KH5120: it cannot be written.</exception>
    public void WriteAt(string name, Action<string> write) => Guard(() =>
    {
        string path = Begin(name);
        _names.Add(name);
        write(path);
    });

    /// <summary>A file without a name for what the export has to put aside; it goes away when it is closed.</summary>
    /// <exception cref="StudyNotWrittenException">KH5120: it cannot be made.</exception>
    public FileStream Scratch()
    {
        FileStream? file = null;
        Guard(() => file = new FileStream(Path.Combine(_folder, $".keyhole-{Guid.NewGuid():N}{Partial}"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose));
        return file!;
    }

    /// <summary>Runs what writes to a scratch file.</summary>
    /// <exception cref="StudyNotWrittenException">KH5120: it cannot be written.</exception>
    public void Guarded(Action write) => Guard(write);

    /// <summary>Puts every file in its place.</summary>
    /// <returns>Their names in the order in which they were written.</returns>
    /// <exception cref="StudyNotWrittenException">KH5120: it cannot be written.</exception>
    public IReadOnlyList<string> Complete()
    {
        Guard(() =>
        {
            foreach (string name in _names)
            {
                string path = PathOf(name);
                File.Move(path + Partial, path, overwrite: true);
            }
        });
        _complete = true;
        return _names;
    }

    /// <summary>Removes what was not completed.</summary>
    public void Dispose()
    {
        if (_complete)
        {
            return;
        }

        foreach (string name in _names)
        {
            File.Delete(PathOf(name) + Partial);
        }

        foreach (string made in Enumerable.Reverse(_made))
        {
            if (!Directory.EnumerateFileSystemEntries(made).Any())
            {
                Directory.Delete(made);
            }
        }
    }

    private string PathOf(string name) => Path.Combine(_folder, name.Replace('/', Path.DirectorySeparatorChar));

    // The temporary path of a file; its folder is there afterwards.
    private string Begin(string name)
    {
        string path = PathOf(name);
        MakeFolder(Path.GetDirectoryName(path)!);
        if (OutputTarget.Fault(path) is { } fault)
        {
            throw new IOException($"{name}: {fault}");   // found before anything is replaced
        }

        return path + Partial;
    }

    private void MakeFolder(string folder)
    {
        if (!_known.Add(folder) || Directory.Exists(folder))
        {
            return;
        }

        MakeFolder(Path.GetDirectoryName(folder)!);
        Directory.CreateDirectory(folder);
        _made.Add(folder);
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
                $"{_folder}: the output could not be written ({cause.Message.TrimEnd('.')}); check the folder's permissions and space or give another one with -o.", cause);
        }
    }
}
