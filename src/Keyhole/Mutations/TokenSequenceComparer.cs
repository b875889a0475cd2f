using System.Runtime.InteropServices;

namespace Keyhole.Mutations;

/// <summary>Token sequences are equal where they have the same ids in the same order.</summary>
internal sealed class TokenSequenceComparer : IEqualityComparer<int[]>
{
    public bool Equals(int[]? x, int[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(int[] obj)
    {
        var hash = new HashCode();
        hash.AddBytes(MemoryMarshal.AsBytes(obj.AsSpan()));
        return hash.ToHashCode();
    }
}
