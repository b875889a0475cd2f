using System.Security.Cryptography;

namespace Keyhole.Engine.Checkpoints;

/// <summary>The tensors of a model on disk, memory-mapped: nothing is read before it is asked for.</summary>
/// <remarks>Reading is thread-safe. The files must not change while they are open. Bytes are little-endian, as the formats are.</remarks>
public abstract class Checkpoint : IDisposable
{
    private readonly OrderedDictionary<string, TensorInfo> _tensors;
    private readonly MappedFile[] _files;   // in the order of ContentHash

    /// <summary>Takes ownership of the mapped files.</summary>
    private protected Checkpoint(IReadOnlyList<MappedFile> files, OrderedDictionary<string, TensorInfo> tensors)
    {
        _files = [.. files];
        _tensors = tensors;
    }

    /// <summary>What was opened: a file, or a folder.</summary>
    public abstract string Path { get; }

    /// <summary>Every tensor by its name (ordinal), in file order: shards by name, then by offset.</summary>
    public IReadOnlyDictionary<string, TensorInfo> Tensors => _tensors;

    /// <summary>The weight files, in the order in which <see cref="ContentHash"/> reads them.</summary>
    public IEnumerable<string> Files => _files.Select(file => file.Path);

    /// <summary>Total bytes of the weight files.</summary>
    public long TotalBytes => _files.Sum(file => file.Length);

    /// <summary>
    /// Opens a model: a folder in Hugging Face layout (<c>model.safetensors</c> or <c>pytorch_model.bin</c>; their <c>.index.json</c> with its shards; any
    /// single <c>*.safetensors</c>, <c>*.bin</c> or <c>*.gguf</c>), a folder of fairseq (one <c>*.pt</c> with <c>dict.txt</c>), a <c>.safetensors</c> file, an
    /// index file, a <c>.gguf</c> file (any part of a split one opens all), or a file of torch.save whatever its name; or, as <see cref="ModelPath.Resolve(string)"/>
    /// finds it, a name in a Hugging Face cache.
    /// </summary>
    /// <exception cref="InputRefusedException">There is nothing such, or it is damaged.</exception>
    public static Checkpoint Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return CheckpointFiles.Open(ModelPath.Resolve(path));
    }

    /// <summary>The tensor of this name.</summary>
    /// <exception cref="InputRefusedException">There is none; the message gives the nearest names.</exception>
    public TensorInfo Require(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _tensors.TryGetValue(name, out TensorInfo? tensor) ? tensor : throw new InputRefusedException(CheckpointCodes.MissingTensor,
            $"'{Path}' has no tensor '{name}'{(WhyAbsent(name) is string why ? $": {why}" : NearestNames.Describe(name, _tensors.Keys))}; check that all files of the model are there and that it is of the family that its configuration names.");
    }

    /// <summary>Checks that the tensors are exactly those a model needs: what is missing and what is unknown is listed together.</summary>
    /// <param name="required">Names that must be there.</param>
    /// <param name="mayBePresent">Says of another name whether it may be there; null refuses every other name.</param>
    /// <exception cref="InputRefusedException">A name is missing or unknown.</exception>
    public void RequireNames(IReadOnlyCollection<string> required, Func<string, bool>? mayBePresent = null)
    {
        ArgumentNullException.ThrowIfNull(required);
        HashSet<string> known = new(required, StringComparer.Ordinal);
        List<string> missing = [.. known.Where(name => !_tensors.ContainsKey(name)).Order(StringComparer.Ordinal).Select(NameWithReason)];
        List<string> unknown = [.. _tensors.Keys.Where(name => !known.Contains(name) && mayBePresent?.Invoke(name) != true)];
        if (missing.Count + unknown.Count > 0)
        {
            throw new InputRefusedException(CheckpointCodes.MissingTensor,
                $"The tensors of '{Path}' are not those of the model that its configuration describes: {Naming.MissingAndUnknown(missing, unknown)}.");
        }
    }

    /// <summary>Checks a tensor's shape.</summary>
    /// <param name="tensor">A tensor of this checkpoint.</param>
    /// <param name="expected">Row-major, outermost dimension first.</param>
    /// <exception cref="InputRefusedException">It has another shape.</exception>
    public void RequireShape(TensorInfo tensor, params ReadOnlySpan<long> expected)
    {
        _ = FileOf(tensor);
        if (!tensor.Shape.AsSpan().SequenceEqual(expected))
        {
            throw new InputRefusedException(CheckpointCodes.Shape,
                $"'{tensor.File}': tensor {Naming.Quote(tensor.Name)} has shape {Naming.Shape(tensor.Shape.AsSpan())}, the model's configuration asks for {Naming.Shape(expected)}; check that configuration and weights belong together.");
        }
    }

    /// <summary>Checks that <see cref="ReadFloats"/> can read a tensor's storage type, so that a model is refused when it is loaded.</summary>
    /// <exception cref="InputRefusedException">It cannot; the message names the type.</exception>
    public void RequireReadable(TensorInfo tensor)
    {
        _ = FileOf(tensor);
        _ = ReadableFormat(tensor);
    }

    /// <summary>Reads elements [start, start + destination.Length) of the flattened row-major tensor as floats; both ends may lie inside a block.</summary>
    /// <remarks>Exact for F32, F16, BF16; F64 is rounded to the nearest float; for GGML blocks as the reference dequantisation in single precision.</remarks>
    /// <exception cref="InputRefusedException">The storage type is not one that is read; the message names it.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The range does not lie in the tensor.</exception>
    public void ReadFloats(TensorInfo tensor, long start, Span<float> destination)
    {
        MappedFile file = FileOf(tensor);
        StorageFormat format = ReadableFormat(tensor);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, tensor.ElementCount - destination.Length);
        using MappedFile.Lease lease = file.Hold();
        if (tensor.Strides.IsDefault)
        {
            BlockReader.Read(file, tensor.Offset, format, start, destination);
        }
        else
        {
            StridedReader.Read(file, tensor, format, start, destination);
        }
    }

    /// <summary>Mapped bytes [byteStart, byteStart + byteCount) of a tensor, not copied. The span must not be used after <see cref="Dispose()"/>.</summary>
    /// <exception cref="InputRefusedException">Its elements do not lie side by side (<see cref="TensorInfo.Strides"/>).</exception>
    /// <exception cref="ArgumentOutOfRangeException">The range does not lie in the tensor.</exception>
    public ReadOnlySpan<byte> RawBytes(TensorInfo tensor, long byteStart, int byteCount)
    {
        MappedFile file = FileOf(tensor);
        if (!tensor.Strides.IsDefault)
        {
            throw new InputRefusedException(CheckpointCodes.StorageType,
                $"'{tensor.File}': tensor {Naming.Quote(tensor.Name)} is a view with the strides {Naming.Shape(tensor.Strides.AsSpan())}, so its bytes do not lie side by side; save it again with .contiguous().");
        }
        ArgumentOutOfRangeException.ThrowIfNegative(byteStart);
        ArgumentOutOfRangeException.ThrowIfNegative(byteCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(byteStart, tensor.ByteLength - byteCount);
        return file.Slice(tensor.Offset + byteStart, byteCount);
    }

    /// <summary>
    /// SHA-256 of the weight files' bytes, in lower-case hexadecimal: of the one file, or of all shards one after another in the ordinal order of their
    /// names (as <c>cat model-*.safetensors | sha256sum</c> prints it). Configuration and index files are not part of it.
    /// </summary>
    /// <param name="progress">Called with (bytes hashed so far, total bytes), about once a mebibyte.</param>
    /// <param name="cancellationToken">Stops between two reads.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public string ContentHash(Action<long, long>? progress = null, CancellationToken cancellationToken = default)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long total = TotalBytes;
        long done = 0;
        foreach (MappedFile file in _files)
        {
            file.AppendTo(hash, bytes => progress?.Invoke(done += bytes, total), cancellationToken);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>A name that is not among the tensors, with the reason where the file says one.</summary>
    internal string NameWithReason(string name) => WhyAbsent(name) is string why ? $"{name}: {why}" : name;

    /// <summary>Why a name that stands in the file is not among the tensors; null where it does not stand there.</summary>
    private protected virtual string? WhyAbsent(string name) => null;

    /// <summary>Unmaps the files. Spans of <see cref="RawBytes"/> are no longer valid.</summary>
    public void Dispose()
    {
        foreach (MappedFile file in _files)
        {
            file.Dispose();
        }
        GC.SuppressFinalize(this);
    }

    private static StorageFormat ReadableFormat(TensorInfo tensor)
        => StorageFormat.Of(tensor.Type) is { Decode: not null } format ? format : throw new InputRefusedException(CheckpointCodes.StorageType,
            $"'{tensor.File}': tensor {Naming.Quote(tensor.Name)} is stored as {Naming.StorageType(tensor)}, which is not read as numbers (read are {StorageFormat.Readable}); convert the model to one of these types.");

    private MappedFile FileOf(TensorInfo tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        foreach (MappedFile file in _files)
        {
            if (string.Equals(file.Path, tensor.File, StringComparison.Ordinal))
            {
                return file;
            }
        }
        throw new ArgumentException($"Tensor '{tensor.Name}' is of '{tensor.File}', which is not a file of '{Path}'.", nameof(tensor));
    }
}
