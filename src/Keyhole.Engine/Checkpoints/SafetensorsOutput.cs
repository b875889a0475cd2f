using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Keyhole.Engine.Checkpoints;

/// <summary>A safetensors file that is being written. It gets its name by <see cref="Complete"/>; disposed before that, it leaves nothing behind.</summary>
/// <remarks>Not thread-safe.</remarks>
public sealed class SafetensorsOutput : IDisposable
{
    private readonly string _path;
    private readonly string _partialPath;
    private readonly OrderedDictionary<string, TensorInfo> _tensors;
    private readonly Dictionary<string, long> _written = new(StringComparer.Ordinal);   // bytes of each tensor
    private readonly SafeFileHandle _file;
    private bool _closed;

    internal SafetensorsOutput(string path, ReadOnlySpan<byte> header, OrderedDictionary<string, TensorInfo> tensors, long totalBytes)
    {
        _path = path;
        _tensors = tensors;
        _partialPath = Path.Combine(Path.GetDirectoryName(path) ?? "", $".keyhole-{Guid.NewGuid():N}.partial");
        try
        {
            // The room is taken at once, so that a full disk shows now and not after hours of work.
            _file = File.OpenHandle(_partialPath, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.None, preallocationSize: totalBytes);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(error);
        }
        try
        {
            WriteAt(header, 0);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Writes the next values of a tensor, in row-major order.</summary>
    /// <typeparam name="T">The .NET type of the tensor's elements: float for F32, Half for F16, long for I64, and so on.</typeparam>
    /// <exception cref="ArgumentException">There is no such tensor, it has another type, or fewer elements are left to write.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Write<T>(string name, ReadOnlySpan<T> values) where T : unmanaged
    {
        StorageType type = Require(name).Type;
        if (TypeOf<T>() != type)
        {
            throw new ArgumentException($"Tensor '{name}' is of type {type}, and values of {typeof(T).Name} do not fit that.", nameof(values));
        }
        WriteBytes(name, MemoryMarshal.AsBytes(values));
    }

    /// <summary>Writes the next bytes of a tensor as they are to stand in the file.</summary>
    /// <exception cref="ArgumentException">There is no such tensor, or fewer bytes are left to write.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void WriteBytes(string name, ReadOnlySpan<byte> bytes)
    {
        TensorInfo tensor = Require(name);
        long done = _written.GetValueOrDefault(name);
        if (bytes.Length > tensor.ByteLength - done)
        {
            throw new ArgumentException($"Tensor '{name}' has {tensor.ByteLength} bytes, of which {done} are written; {bytes.Length} more do not fit.", nameof(bytes));
        }
        WriteAt(bytes, tensor.Offset + done);
        _written[name] = done + bytes.Length;
    }

    /// <summary>Brings the file to disk and gives it its name, in place of one that is there.</summary>
    /// <exception cref="InvalidOperationException">A tensor is not written to its end.</exception>
    /// <exception cref="IOException">The file cannot be written; nothing is left behind, and a file of the name that was there stays as it was.</exception>
    public void Complete()
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        foreach (TensorInfo tensor in _tensors.Values)
        {
            long done = _written.GetValueOrDefault(tensor.Name);
            if (done != tensor.ByteLength)
            {
                throw new InvalidOperationException($"Tensor '{tensor.Name}' has {tensor.ByteLength} bytes, of which {done} are written.");
            }
        }
        try
        {
            RandomAccess.FlushToDisk(_file);
            _file.Dispose();
            File.Move(_partialPath, _path, overwrite: true);
            _closed = true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Dispose();
            throw CannotWrite(error);
        }
    }

    /// <summary>Removes what was written, unless the file is complete.</summary>
    public void Dispose()
    {
        if (!_closed)
        {
            _closed = true;
            _file.Dispose();
            File.Delete(_partialPath);
        }
    }

    private static StorageType? TypeOf<T>() => default(T) switch
    {
        float => StorageType.F32,
        Half => StorageType.F16,
        double => StorageType.F64,
        sbyte => StorageType.I8,
        short => StorageType.I16,
        int => StorageType.I32,
        long => StorageType.I64,
        byte => StorageType.U8,
        ushort => StorageType.U16,
        uint => StorageType.U32,
        ulong => StorageType.U64,
        bool => StorageType.Bool,
        _ => null,
    };

    private TensorInfo Require(string name)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        return _tensors.TryGetValue(name, out TensorInfo? tensor) ? tensor : throw new ArgumentException($"Tensor '{name}' is not declared.", nameof(name));
    }

    private void WriteAt(ReadOnlySpan<byte> bytes, long offset)
    {
        try
        {
            RandomAccess.Write(_file, bytes, offset);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(error);
        }
    }

    private IOException CannotWrite(Exception error) => new($"'{_path}' cannot be written: {error.Message} Choose a folder that is there, that may be written, and that has room.", error);
}
