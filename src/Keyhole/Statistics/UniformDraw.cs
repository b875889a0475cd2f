using Keyhole.Corpora;

namespace Keyhole.Statistics;

/// <summary>Uniform whole numbers from <see cref="CounterHash"/>.</summary>
internal static class UniformDraw
{
    /// <summary>A number of 0 .. n - 1: the upper 64 bits of hash * n. No number is more likely than another by more than n / 2^64.</summary>
    /// <param name="n">How many numbers there are, at least 1.</param>
    /// <param name="seed">The user's seed.</param>
    /// <param name="a">The first counter.</param>
    /// <param name="b">The second counter.</param>
    public static int Below(int n, ulong seed, ulong a, ulong b)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(n);
        return (int)Math.BigMul(CounterHash.Hash(seed, a, b), (ulong)n, out _);
    }
}
