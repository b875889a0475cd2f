using System.IO.MemoryMappedFiles;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Keyhole.Engine.Checkpoints;

/// <summary>A whole file mapped for reading: every access is checked against the file's length first.</summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private const int HashChunkBytes = 1 << 20;

    private readonly SafeFileHandle _file;
    private readonly MemoryMappedFile _mapping;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;
    private bool _disposed;

    private MappedFile(string path, SafeFileHandle file, long length)
    {
        Path = path;
        Length = length;
        _file = file;
        _mapping = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        try
        {
            _view = _mapping.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        }
        catch
        {
            _mapping.Dispose();
            throw;
        }
        byte* pointer = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        _start = pointer + _view.PointerOffset;
    }

    /// <summary>The path that was opened.</summary>
    public string Path { get; }

    /// <summary>Length in bytes.</summary>
    public long Length { get; }

    /// <summary>Maps a file.</summary>
    /// <exception cref="InputRefusedException">It is missing, empty, a folder, a Git LFS pointer, or cannot be read.</exception>
    public static MappedFile Open(string path)
    {
        SafeFileHandle? file = null;
        try
        {
            file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.None);
            long length = RandomAccess.GetLength(file);
            RefuseWithoutContent(path, file, length);
            return new MappedFile(path, file, length);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputRefusedException(CheckpointCodes.NotFound, File.Exists(path)
                ? $"'{path}' is a link to a file that is not there; copy or download that file.{HuggingFaceCache.Unfinished(System.IO.Path.GetDirectoryName(path) ?? "")}"
                : $"There is no file '{path}'; check the path.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            file?.Dispose();
            throw new InputRefusedException(CheckpointCodes.NotFound, $"'{path}' cannot be read: {error.Message}", error);
        }
        catch
        {
            file?.Dispose();
            throw;
        }
    }

    /// <summary>The mapped bytes [offset, offset + count). The span must not be used after <see cref="Dispose"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range does not lie in the file.</exception>
    public ReadOnlySpan<byte> Slice(long offset, int count)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - count);
        return new ReadOnlySpan<byte>(_start + offset, count);
    }

    /// <summary>Keeps the mapping alive until the returned lease is disposed, whoever disposes the file meanwhile.</summary>
    public Lease Hold() => new(_view.SafeMemoryMappedViewHandle);

    /// <summary>Feeds the file's bytes to a hash without mapping them, so that hashing a large file leaves memory alone.</summary>
    public void AppendTo(IncrementalHash hash, Action<long>? bytesHashed, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        byte[] buffer = new byte[HashChunkBytes];
        for (long offset = 0; offset < Length;)
        {
            cancellation.ThrowIfCancellationRequested();
            int read = ReadAt(buffer, offset);
            hash.AppendData(buffer, 0, read);
            offset += read;
            bytesHashed?.Invoke(read);
        }
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }
        _disposed = true;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _mapping.Dispose();
        _file.Dispose();
    }

    private static void RefuseWithoutContent(string path, SafeFileHandle file, long length)
    {
        if (length == 0)
        {
            throw new InputRefusedException(CheckpointCodes.Truncated, $"'{path}' is empty; copy or download the file again.");
        }
        ReadOnlySpan<byte> pointer = "version https://git-lfs"u8;
        Span<byte> start = stackalloc byte[pointer.Length];
        if (RandomAccess.Read(file, start, 0) == start.Length && start.SequenceEqual(pointer))
        {
            throw new InputRefusedException(CheckpointCodes.NotACheckpoint, $"'{path}' is only a Git LFS pointer to the file; run 'git lfs pull' in its folder.");
        }
    }

    private int ReadAt(byte[] buffer, long offset)
    {
        int read;
        try
        {
            read = RandomAccess.Read(_file, buffer, offset);
        }
        catch (IOException error)
        {
            throw new InputRefusedException(CheckpointCodes.NotFound, $"'{Path}' cannot be read at byte {offset}: {error.Message}", error);
        }
        return read > 0 ? read : throw new InputRefusedException(CheckpointCodes.Truncated,
            $"'{Path}' had {Length} bytes when it was opened and ends at byte {offset} now; it must not change while it is in use.");
    }

    /// <summary>A reference that keeps the mapping's memory valid.</summary>
    internal readonly ref struct Lease
    {
        private readonly SafeMemoryMappedViewHandle _handle;

        public Lease(SafeMemoryMappedViewHandle handle)
        {
            _handle = handle;
            bool added = false;
            handle.DangerousAddRef(ref added);   // throws ObjectDisposedException where it is too late
        }

        public void Dispose() => _handle.DangerousRelease();
    }
}
