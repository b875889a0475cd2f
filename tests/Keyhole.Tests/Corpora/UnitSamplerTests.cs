using System.Globalization;
using Keyhole.Corpora;
using Xunit;

namespace Keyhole.Tests.Corpora;

public class UnitSamplerTests
{
    [Theory]
    [InlineData(0ul, 0ul, 0ul)]
    [InlineData(0ul, 1ul, 0ul)]
    [InlineData(0ul, 0ul, 1ul)]
    [InlineData(42ul, 0ul, 0ul)]
    [InlineData(42ul, 1_000_000ul, 17ul)]
    [InlineData(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue)]
    public void Hashes_never_change(ulong seed, ulong a, ulong b)
        => Assert.Equal(Golden[(seed, a, b)], CounterHash.Hash(seed, a, b).ToString("x16", CultureInfo.InvariantCulture));

    /// <summary>By the documented formula in Python's integers.</summary>
    private static readonly Dictionary<(ulong, ulong, ulong), string> Golden = new()
    {
        [(0, 0, 0)] = "33fe8bd4f9c57863",
        [(0, 1, 0)] = "b49ab477bb8685e2",
        [(0, 0, 1)] = "be08cce75cf1194b",
        [(42, 0, 0)] = "6b9af54417d0bf75",
        [(42, 1000000, 17)] = "4b2661bf517930d9",
        [(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue)] = "d42097577e470e45",
    };

    [Fact]
    public void The_sample_is_the_units_with_the_smallest_hashes_in_corpus_order()
    {
        TextUnit[] units = [.. Enumerable.Range(0, 5000).Select(i => new TextUnit(0, i, 1, "x"))];
        long[] expected = [.. Enumerable.Range(0, 5000).OrderBy(i => CounterHash.Hash(7, (ulong)i)).Take(100).Order().Select(i => (long)i)];
        IReadOnlyList<SampledUnit> sample = UnitSampler.Take(units, 100, 7);
        Assert.Equal(expected, sample.Select(s => s.Number));
        Assert.All(sample, s => Assert.Equal(s.Number, s.Unit.Offset));
        Assert.Equal([1238L, 2022L, 2085L, 2521L, 3786L, 4044L, 4550L, 4959L], UnitSampler.Take(units, 8, 7).Select(s => s.Number));
    }

    [Fact]
    public void Any_sharding_takes_the_same_units()
    {
        UnitSampler whole = new(50, 3);
        UnitSampler backwards = new(50, 3);
        for (int i = 0; i < 1000; i++)
        {
            whole.Offer(i, default);
            backwards.Offer(999 - i, default);
        }

        Assert.Equal(whole.Taken(), backwards.Taken());
    }

    [Fact]
    public void A_small_corpus_is_taken_whole_and_an_empty_sample_is_empty()
    {
        TextUnit[] units = [.. Enumerable.Range(0, 5).Select(i => new TextUnit(0, i, 1, "x"))];
        Assert.Equal([0L, 1, 2, 3, 4], UnitSampler.Take(units, 10, 1).Select(s => s.Number));
        Assert.Empty(UnitSampler.Take(units, 0, 1));
    }

    [Fact]
    public void Samples_are_spread_evenly()
    {
        TextUnit[] units = [.. Enumerable.Range(0, 20_000).Select(i => new TextUnit(0, i, 1, "x"))];
        int[] tenths = new int[10];
        foreach (SampledUnit s in UnitSampler.Take(units, 2000, 11)) tenths[s.Number / 2000]++;
        Assert.All(tenths, count => Assert.InRange(count, 140, 260));   // 200 expected, standard deviation 13
    }
}
