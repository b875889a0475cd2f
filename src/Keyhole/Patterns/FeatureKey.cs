using Keyhole.Corpora;

namespace Keyhole.Patterns;

/// <summary>What a prefix has, as 64 bits: the class in the upper 4, a hash of the rest in the others. Two of a study's features share a key with a chance of 10^-18 each.</summary>
internal static class FeatureKey
{
    private const int ClassShift = 60;
    private const ulong Salt = 0x5041_5454_4B45_5953;

    /// <summary>A key.</summary>
    public static ulong Of(PatternClass kind, ulong a, ulong b = 0)
        => (CounterHash.Hash(Salt ^ ((ulong)kind << ClassShift), a, b) >> (64 - ClassShift)) | ((ulong)kind << ClassShift);

    /// <summary>The class of a key.</summary>
    public static PatternClass ClassOf(ulong key) => (PatternClass)(key >> ClassShift);

    /// <summary>64 bits of a text (FNV-1a over UTF-16 units: Fowler, Noll and Vo).</summary>
    public static ulong Text(ReadOnlySpan<char> text)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (char unit in text)
        {
            hash = unchecked((hash ^ unit) * 0x100000001B3);
        }

        return hash;
    }
}
