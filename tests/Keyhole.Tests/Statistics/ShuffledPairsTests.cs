using Keyhole.Statistics;
using Xunit;

namespace Keyhole.Tests.Statistics;

public sealed class ShuffledPairsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1000)]
    public void Every_entry_stands_once(int n)
    {
        int[] permutation = ShuffledPairs.Permutation(n, seed: 1, stream: 2);
        Assert.Equal(Enumerable.Range(0, n), permutation.Order());
        Assert.Equal(permutation, ShuffledPairs.Permutation(n, seed: 1, stream: 2));
    }

    [Fact]
    public void All_permutations_are_equally_likely()
    {
        // 24 permutations of 4, 500 expected of each: chi-squared with 23 degrees of freedom is below 49.7 but once in a thousand.
        foreach (bool bySeed in (bool[])[true, false])
        {
            var counts = Enumerable.Range(0, 12_000)
                .Select(i => string.Join(',', bySeed ? ShuffledPairs.Permutation(4, (ulong)i, 3) : ShuffledPairs.Permutation(4, 3, (ulong)i)))
                .CountBy(name => name).ToDictionary();
            Assert.Equal(24, counts.Count);
            Assert.True(counts.Values.Sum(count => Math.Pow(count - 500.0, 2) / 500) < 49.7);
        }
    }
}
