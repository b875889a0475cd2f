namespace Keyhole.Engine.Checkpoints.PyTorch;

/// <summary>A file in a zip archive.</summary>
/// <param name="Name">Its name with folders.</param> <param name="Offset">Offset of its first byte in the archive.</param> <param name="Length">Its bytes in the archive.</param>
/// <param name="IsPlain">Whether these are the bytes of the file itself: neither compressed nor encrypted.</param>
internal sealed record ZipEntry(string Name, long Offset, long Length, bool IsPlain);
