namespace Keyhole.Cli;

/// <summary>Checks the place of an output before any work is done for it.</summary>
internal static class OutputPath
{
    /// <summary>A path at which a file can be put.</summary>
    /// <exception cref="UsageException">It is a folder or a device, or its folder is not there.</exception>
    public static string RequireFile(string path, string option)
    {
        if (Directory.Exists(path))
        {
            throw new UsageException($"{option} '{path}' is a folder: name a file.");
        }
        string full = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(full) ?? full;
        if (!Directory.Exists(folder))
        {
            throw new UsageException($"{option} '{path}': there is no folder '{folder}'.");
        }
        bool isLink = new FileInfo(full).LinkTarget is not null;
        if (IsDevice(full) || (isLink && IsDevice(File.ResolveLinkTarget(full, returnFinalTarget: true)!.FullName)))
        {
            // Outputs are written aside and renamed, which would put a plain file in the device's place.
            throw new UsageException($"{option} '{path}' is a device: name a file.");
        }
        return path;
    }

    private static bool IsDevice(string path)
        => !OperatingSystem.IsWindows() && (path.StartsWith("/dev/", StringComparison.Ordinal) || path.StartsWith("/proc/", StringComparison.Ordinal));
}
