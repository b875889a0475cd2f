namespace Keyhole.Corpora;

/// <summary>A random number for every counter: the same in every process, shard and order, as nothing is drawn from a stream.</summary>
public static class CounterHash
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    /// <summary>
    /// 64 mixed bits of (seed, a, b): <c>mix(mix(mix(seed + g) + a * g) + b * g')</c> modulo 2^64, with g = 0x9E3779B97F4A7C15, g' = 0xD1B54A32D192ED03 and
    /// mix the finaliser of SplitMix64 (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators", with Stafford's variant 13):
    /// <c>z ^= z >> 30; z *= 0xBF58476D1CE4E5B9; z ^= z >> 27; z *= 0x94D049BB133111EB; z ^= z >> 31</c>.
    /// For a fixed seed and b it is a bijection of a, so no two units share a hash. The values never change: stored samples depend on them.
    /// </summary>
    /// <param name="seed">The user's seed.</param>
    /// <param name="a">The first counter, such as a unit's number.</param>
    /// <param name="b">The second counter, such as a position.</param>
    public static ulong Hash(ulong seed, ulong a, ulong b = 0)
        => Mix(unchecked(Mix(unchecked(Mix(unchecked(seed + Golden)) + (a * Golden))) + (b * 0xD1B54A32D192ED03)));

    private static ulong Mix(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
