using System.Collections.Immutable;

namespace Keyhole.Engine.Checkpoints;

/// <summary>Where one tensor lies in a checkpoint, and how it is stored.</summary>
/// <param name="Name">Name in the file.</param>
/// <param name="Type">Storage type.</param>
/// <param name="Shape">Row-major, outermost dimension first (the dimensions of a GGUF file, which are innermost first, are reversed).</param>
/// <param name="File">Path of the file that holds it.</param>
/// <param name="Offset">Offset of its first byte from the start of that file.</param>
/// <param name="ByteLength">Length of its elements in bytes; for a type whose size is not known, the bytes up to the next tensor.</param>
public sealed record TensorInfo(string Name, StorageType Type, ImmutableArray<long> Shape, string File, long Offset, long ByteLength)
{
    /// <summary>Name of the storage type as its format spells it; differs from <see cref="Type"/> where that is <see cref="StorageType.Unsupported"/>.</summary>
    public string TypeName { get; init; } = Type.ToString();

    /// <summary>
    /// Elements from one index to the next, for each dimension, where they do not lie side by side in row-major order (a transposed view in a PyTorch
    /// file); else default. <see cref="Checkpoint.ReadFloats"/> follows them.
    /// </summary>
    public ImmutableArray<long> Strides { get; init; }

    /// <summary>The type's number in a GGUF file; null for other formats.</summary>
    public uint? GgmlType { get; init; }

    /// <summary>Number of elements: the product of <see cref="Shape"/>, 1 for a scalar. Checked against overflow when the file is opened.</summary>
    public long ElementCount
    {
        get
        {
            long count = 1;
            foreach (long dimension in Shape)
            {
                count *= dimension;
            }
            return count;
        }
    }
}
