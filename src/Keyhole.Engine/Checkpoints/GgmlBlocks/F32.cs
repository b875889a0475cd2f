using System.Runtime.InteropServices;

namespace Keyhole.Engine.Checkpoints.GgmlBlocks;

/// <summary>F32: IEEE 754 binary32, little-endian; copied.</summary>
internal static class F32
{
    /// <summary>One float for each 4 bytes.</summary>
    public static void Decode(ReadOnlySpan<byte> blocks, Span<float> values) => blocks.CopyTo(MemoryMarshal.AsBytes(values));
}
