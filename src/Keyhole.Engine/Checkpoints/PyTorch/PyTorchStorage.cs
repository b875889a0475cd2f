namespace Keyhole.Engine.Checkpoints.PyTorch;

/// <summary>A run of elements in a PyTorch file that tensors are views of.</summary>
/// <param name="key">Its name in the file.</param> <param name="kind">What its elements are.</param> <param name="count">How many, as the pickle says.</param>
internal sealed class PyTorchStorage(string key, ElementKind kind, long count)
{
    /// <summary>Its name in the file.</summary>
    public string Key { get; } = key;

    /// <summary>What its elements are.</summary>
    public ElementKind Kind { get; } = kind;

    /// <summary>Its number of elements, as the pickle says; its bytes fit a long.</summary>
    public long Count { get; } = count;

    /// <summary>Its length in bytes, as the pickle says.</summary>
    public long ByteLength => Count * Kind.Bytes;

    /// <summary>Offset of its first byte in the file, once its container has found it with all its bytes; else null.</summary>
    public long? Offset { get; set; }
}
