using Keyhole.Engine;
using Keyhole.Studies;

namespace Keyhole.Exports;

/// <summary>A result that is one file and is held in memory until it is whole.</summary>
public static class ResultFile
{
    /// <summary>Writes a file aside and renames it, so that no half of one is ever seen; to a device, such as <c>/dev/stdout</c>, straight.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="content">Its bytes.</param>
    /// <exception cref="InputRefusedException">KH5111: the path is a folder, or its folder is not there.</exception>
    /// <exception cref="StudyNotWrittenException">KH5120: the file could not be written.</exception>
    /// <exception cref="IOException">The device takes no more.</exception>
    public static void Write(string path, byte[] content)
    {
        if (OutputTarget.LeadsToDevice(path))
        {
            using FileStream device = new(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            device.Write(content);
            return;
        }

        OutputTarget.Require(path, "KH5111");
        Replace(path, content);
    }

    /// <summary>Writes a file aside and renames it.</summary>
    /// <param name="path">A file in a folder that is there.</param>
    /// <param name="content">Its bytes.</param>
    /// <exception cref="StudyNotWrittenException">KH5120: the file could not be written.</exception>
    internal static void Replace(string path, byte[] content)
    {
        string full = Path.GetFullPath(path);
        using ExportFolder folder = new(Path.GetDirectoryName(full)!);
        folder.Write(Path.GetFileName(full), stream => stream.Write(content));
        folder.Complete();
    }
}
