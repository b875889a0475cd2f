namespace Keyhole.Engine.Checkpoints;

/// <summary>Reads tensors whose elements do not lie side by side: element by element, which is slow and rare.</summary>
internal static class StridedReader
{
    /// <summary>Elements [start, start + destination.Length) in row-major order of the tensor's shape.</summary>
    /// <param name="file">The file.</param>
    /// <param name="tensor">Has strides, of which each reachable element lies in the file; its type has no blocks.</param>
    /// <param name="format">Format of its type.</param>
    /// <param name="start">First element.</param>
    /// <param name="destination">Receives the values.</param>
    public static void Read(MappedFile file, TensorInfo tensor, StorageFormat format, long start, Span<float> destination)
    {
        ReadOnlySpan<long> shape = tensor.Shape.AsSpan();
        ReadOnlySpan<long> strides = tensor.Strides.AsSpan();
        for (int i = 0; i < destination.Length; i++)
        {
            long rest = start + i;
            long at = 0;
            for (int dimension = shape.Length - 1; dimension >= 0; dimension--)
            {
                (rest, long index) = Math.DivRem(rest, shape[dimension]);
                at += index * strides[dimension];
            }
            format.Decode!(file.Slice(tensor.Offset + (at * format.BlockBytes), format.BlockBytes), destination.Slice(i, 1));
        }
    }
}
