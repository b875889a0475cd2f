namespace Keyhole.Engine.Checkpoints;

/// <summary>Reads a range of elements whose ends need not lie on blocks.</summary>
internal static class BlockReader
{
    private const int LargestRun = 1 << 22;   // elements decoded by one call: bounds the length of a span of bytes

    /// <summary>Elements [start, start + destination.Length) of the blocks from <paramref name="offset"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The blocks do not lie in the file.</exception>
    public static void Read(MappedFile file, long offset, StorageFormat format, long start, Span<float> destination)
    {
        int inBlock = (int)(start % format.BlockElements);
        if (inBlock != 0 && !destination.IsEmpty)
        {
            int head = Math.Min(format.BlockElements - inBlock, destination.Length);
            ReadPart(file, offset, format, start - inBlock, inBlock, destination[..head]);
            start += head;
            destination = destination[head..];
        }
        while (destination.Length >= format.BlockElements)
        {
            int run = Math.Min(destination.Length, LargestRun);
            run -= run % format.BlockElements;
            format.Decode!(Blocks(file, offset, format, start, run), destination[..run]);
            start += run;
            destination = destination[run..];
        }
        if (!destination.IsEmpty)
        {
            ReadPart(file, offset, format, start, 0, destination);
        }
    }

    private static void ReadPart(MappedFile file, long offset, StorageFormat format, long blockStart, int inBlock, Span<float> destination)
    {
        Span<float> whole = stackalloc float[StorageFormat.LargestBlock];
        format.Decode!(Blocks(file, offset, format, blockStart, format.BlockElements), whole[..format.BlockElements]);
        whole.Slice(inBlock, destination.Length).CopyTo(destination);
    }

    private static ReadOnlySpan<byte> Blocks(MappedFile file, long offset, StorageFormat format, long start, int elements)
        => file.Slice(offset + (start / format.BlockElements * format.BlockBytes), elements / format.BlockElements * format.BlockBytes);
}
