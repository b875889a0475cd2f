namespace Keyhole.Engine.Checkpoints.PyTorch;

/// <summary>A file in a zip archive, stored as it is.</summary>
/// <param name="Name">Its name with folders.</param> <param name="Offset">Offset of its first byte in the archive.</param> <param name="Length">Its bytes.</param>
internal sealed record ZipEntry(string Name, long Offset, long Length);
