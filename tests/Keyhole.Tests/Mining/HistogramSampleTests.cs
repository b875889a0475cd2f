using Keyhole.Corpora;
using Keyhole.Mining;
using Xunit;

namespace Keyhole.Tests.Mining;

public sealed class HistogramSampleTests
{
    [Fact]
    public void Small_corpora_are_counted_whole()
    {
        Assert.True(HistogramSample.Bound(0).All);
        Assert.True(HistogramSample.Bound(200_000).All);
        Assert.False(HistogramSample.Bound(200_001).All);
    }

    [Theory]
    [InlineData(400_000, 1UL << 63)]
    [InlineData(800_000, 1UL << 62)]
    [InlineData(200_001, 18446651840450349364UL)]
    public void The_bound_is_2_to_the_64_times_200000_of_n(long candidates, ulong below) => Assert.Equal((false, below), HistogramSample.Bound(candidates));

    [Fact]
    public void About_200000_positions_are_chosen()
    {
        const int Units = 4000;
        const int Positions = 200;
        (_, ulong below) = HistogramSample.Bound(Units * Positions);
        int chosen = 0;
        for (ulong unit = 0; unit < Units; unit++)
        {
            for (ulong position = 0; position < Positions; position++)
            {
                chosen += CounterHash.Hash(17, unit, position) < below ? 1 : 0;
            }
        }

        Assert.InRange(chosen, 198_000, 202_000);   // five standard deviations are 1,940
    }
}
