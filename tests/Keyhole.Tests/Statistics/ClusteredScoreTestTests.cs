using Keyhole.Statistics;
using Xunit;

namespace Keyhole.Tests.Statistics;

public sealed class ClusteredScoreTestTests
{
    // erfc(z / sqrt 2) / 2 with Python 3.11's math.erfc
    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1, 0.15865525393145707)]
    [InlineData(1.959963984540054, 0.02500000000000002)]
    [InlineData(3, 0.0013498980316300957)]
    [InlineData(3.0001, 0.001349454913260717)]
    [InlineData(5, 2.866515718791946e-07)]
    [InlineData(10, 7.619853024160593e-24)]
    [InlineData(30, 4.906713927148764e-198)]
    [InlineData(-1, 0.8413447460685429)]
    public void The_normal_tail_is_right_far_out(double z, double p) => Assert.Equal(1, NormalTail.Above(z) / p, 1e-11);

    [Fact]
    public void Its_ends_are_those_of_probabilities()
    {
        Assert.Equal((0, 1), (NormalTail.Above(double.PositiveInfinity), NormalTail.Above(double.NegativeInfinity)));
        Assert.True(double.IsNaN(NormalTail.Above(double.NaN)));
    }

    [Fact]
    public void Groups_left_out_count_as_if_they_were_there()
    {
        DetectorCounts[] groups = [new(3, 1, 0, 6), new(1, 0, 2, 9), new(0, 2, 0, 3), new(0, 0, 0, 7), new(0, 0, 0, 4)];
        double all = ClusteredScoreTest.P(groups, (0, 0, 0));
        Assert.Equal(all, ClusteredScoreTest.P(groups[..3], (2, 11, 49 + 16)), 1e-14);
        Assert.True(all is > 0 and < 0.5);
    }

    [Fact]
    public void One_text_alone_shows_nothing()
    {
        DetectorCounts[] groups = [new(500, 0, 0, 0), .. Enumerable.Repeat(new DetectorCounts(0, 0, 0, 500), 99)];
        Assert.True(ClusteredScoreTest.P(groups, (0, 0, 0)) > 0.15);
        Assert.Equal(1, ClusteredScoreTest.P(groups[..1], (0, 0, 0)));
        Assert.Equal(1, ClusteredScoreTest.P([new DetectorCounts(0, 3, 0, 4), new DetectorCounts(0, 1, 0, 9)], (0, 0, 0)));   // the property never holds
    }

    [Fact]
    public void Under_independence_p_is_small_as_often_as_it_says()
    {
        // Activity and property both clump within texts, but know nothing of each other.
        var random = new Random(8);
        int small = 0;
        const int Rounds = 2000;
        for (int round = 0; round < Rounds; round++)
        {
            DetectorCounts[] groups = [.. Enumerable.Range(0, 80).Select(_ =>
            {
                double active = random.NextDouble() * 0.4;
                double holds = random.NextDouble() * 0.6;
                int[] cells = new int[4];
                for (int i = 0; i < 12; i++)
                {
                    cells[(random.NextDouble() < active ? 0 : 2) + (random.NextDouble() < holds ? 0 : 1)]++;
                }

                return new DetectorCounts(cells[0], cells[1], cells[2], cells[3]);
            })];
            small += ClusteredScoreTest.P(groups, (0, 0, 0)) < 0.05 ? 1 : 0;
        }

        Assert.InRange((double)small / Rounds, 0.03, 0.07);
    }
}
