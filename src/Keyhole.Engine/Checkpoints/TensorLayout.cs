using System.Globalization;

namespace Keyhole.Engine.Checkpoints;

/// <summary>Checks that the tensors of a file lie side by side in it: no overlap, no hole, nothing beyond the end.</summary>
internal static class TensorLayout
{
    /// <summary>Product of the dimensions; false where one is negative or the product does not fit.</summary>
    public static bool TryCount(ReadOnlySpan<long> shape, out long count)
    {
        count = 1;
        bool zero = false;
        foreach (long dimension in shape)
        {
            if (dimension < 0)
            {
                return false;
            }
            if (dimension == 0)
            {
                zero = true;
                continue;
            }
            if (count > long.MaxValue / dimension)
            {
                return false;
            }
            count *= dimension;
        }
        count = zero ? 0 : count;
        return true;
    }

    /// <summary>Bytes of so many elements; false where they are no whole blocks or do not fit.</summary>
    public static bool TryBytes(StorageFormat format, long elements, out long bytes)
    {
        long blocks = elements / format.BlockElements;
        bytes = 0;
        if (elements % format.BlockElements != 0 || blocks > long.MaxValue / format.BlockBytes)
        {
            return false;
        }
        bytes = blocks * format.BlockBytes;
        return true;
    }

    /// <summary>Checks tensors that are sorted by offset and builds their dictionary.</summary>
    /// <param name="file">The file.</param>
    /// <param name="dataStart">Where the first tensor must lie.</param>
    /// <param name="alignment">Each tensor starts on a multiple of it, counted from <paramref name="dataStart"/>.</param>
    /// <param name="sorted">The tensors, by offset, then length. Offsets and lengths are not negative and their sum fits a long.</param>
    /// <returns>The first byte after the last tensor.</returns>
    public static long Check(MappedFile file, long dataStart, long alignment, IReadOnlyList<TensorInfo> sorted)
    {
        long end = dataStart;
        TensorInfo? previous = null;
        foreach (TensorInfo tensor in sorted)
        {
            if (tensor.Offset < end)
            {
                throw Refuse(CheckpointCodes.TensorTable, file, tensor, string.Create(CultureInfo.InvariantCulture,
                    $"starts at byte {tensor.Offset}, inside tensor {Naming.Quote(previous?.Name ?? "")}, which ends at byte {end}; the file is damaged"));
            }
            long expected = end + ((alignment - ((end - dataStart) % alignment)) % alignment);
            if (tensor.Offset != expected)
            {
                throw Refuse(CheckpointCodes.TensorTable, file, tensor, string.Create(CultureInfo.InvariantCulture,
                    $"starts at byte {tensor.Offset} and not at byte {expected}, where the tensor before it ends; the file is damaged"));
            }
            if (tensor.Offset > file.Length || tensor.ByteLength > file.Length - tensor.Offset)
            {
                throw Refuse(CheckpointCodes.Truncated, file, tensor, string.Create(CultureInfo.InvariantCulture,
                    $"needs {tensor.ByteLength} bytes from byte {tensor.Offset}, the file has {Math.Max(0, file.Length - tensor.Offset)} there: it is cut short; copy or download it again"));
            }
            end = tensor.Offset + tensor.ByteLength;
            previous = tensor;
        }
        return end;
    }

    private static InputRefusedException Refuse(string code, MappedFile file, TensorInfo tensor, string what)
        => new(code, $"'{file.Path}': tensor {Naming.Quote(tensor.Name)} {what}.");
}
