namespace Keyhole.Engine;

/// <summary>Tells whether a file can be put at a path. Every writer asks before it writes, for files are written aside and renamed.</summary>
public static class OutputTarget
{
    /// <summary>What stands against a file at <paramref name="path"/>, as the end of a sentence; null where nothing does.</summary>
    /// <remarks>A folder or a missing folder; a device or a link to one, in whose place the renaming would put a plain file.</remarks>
    public static string? Fault(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string full = Path.GetFullPath(path);
        if (Directory.Exists(full))
        {
            return "this is a folder: name a file.";
        }
        string folder = Path.GetDirectoryName(full) ?? full;
        if (!Directory.Exists(folder))
        {
            return $"there is no folder '{folder}': create it first, or give another path.";
        }
        return LeadsToDevice(full) ? "this is a device, or a link to one: name a file." : null;
    }

    /// <summary>Whether a path is a device or a link to one, such as <c>/dev/stdout</c>: what is written there is not put aside and renamed.</summary>
    public static bool LeadsToDevice(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string full = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(full) ?? full;
        return IsDevice(full) || IsDevice(Path.Combine(Target(new DirectoryInfo(folder)), Path.GetFileName(full))) || IsDevice(Target(new FileInfo(full)));
    }

    /// <summary>Refuses a path at which no file can be put.</summary>
    /// <param name="path">The path.</param>
    /// <param name="code">The code of the refusal.</param>
    /// <exception cref="InputRefusedException">With <paramref name="code"/>.</exception>
    public static void Require(string path, string code)
    {
        if (Fault(path) is { } fault)
        {
            throw new InputRefusedException(code, $"{path}: no file can be written here: {fault}");
        }
    }

    private static string Target(FileSystemInfo entry)
    {
        try
        {
            return entry.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? entry.FullName;
        }
        catch (IOException)
        {
            return entry.FullName; // Links in a circle lead to no device.
        }
    }

    // What the system itself puts there; regular files may lie in /dev/shm.
    private static bool IsDevice(string path) => !OperatingSystem.IsWindows() && File.Exists(path) && !path.StartsWith("/dev/shm/", StringComparison.Ordinal)
        && (path.StartsWith("/dev/", StringComparison.Ordinal) || path.StartsWith("/proc/", StringComparison.Ordinal));
}
