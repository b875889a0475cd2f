using Keyhole.Corpora;

namespace Keyhole.Mining.Sampling;

/// <summary>
/// Which positions the sample of a memory's pole holds: of all at which it fires on that pole the <see cref="Size"/> with the smallest hash. That is a uniform sample, so its tenths are those of
/// the pole's activation; samples of parts of a corpus merge exactly, as the hash depends on nothing but seed, memory and position.
/// </summary>
/// <remarks>
/// The hash is the finaliser of MurmurHash3 (Appleby 2011, 32 bits) of p ^ s, shifted right by one; p, the position's part, is the upper half of hash(seed, unit, position), s, the memory's, that of
/// hash(seed, layer, memory). Sixteen memories are hashed at once. Equal hashes (one in two thousand million) go by unit and position.
/// </remarks>
internal static class QuantileSample
{
    /// <summary>Examples of a memory and pole.</summary>
    public const int Size = 40;

    /// <summary>First factor of the hash.</summary>
    public const uint FirstFactor = 0x85EBCA6B;

    /// <summary>Second factor of the hash.</summary>
    public const uint SecondFactor = 0xC2B2AE35;

    private const ulong OfPositions = 0x71;   // so that no two samples of a study go by the same hashes
    private const ulong OfMemories = 0x72;

    /// <summary>p.</summary>
    public static uint PositionHash(ulong seed, int unit, int position) => (uint)(CounterHash.Hash(seed ^ OfPositions, (ulong)unit, (ulong)position) >> 32);

    /// <summary>s.</summary>
    /// <param name="seed">Seed of the rules.</param>
    /// <param name="layer">Layer, from 0.</param>
    /// <param name="memory">Memory, counted through all experts of the layer.</param>
    public static uint MemoryHash(ulong seed, int layer, int memory) => (uint)(CounterHash.Hash(seed ^ OfMemories, (ulong)layer, (ulong)memory) >> 32);

    /// <summary>What a sample is ordered by, larger first: minus the hash, as a float (of the small hashes that matter exact).</summary>
    public static float Rank(uint position, uint memory)
    {
        uint x = position ^ memory;
        unchecked
        {
            x = (x ^ (x >> 16)) * FirstFactor;
            x = (x ^ (x >> 13)) * SecondFactor;
        }

        return -(float)(int)((x ^ (x >> 16)) >> 1);
    }
}
