using Keyhole.Memories;
using Keyhole.Mutations;
using Keyhole.Statistics;
using Xunit;

namespace Keyhole.Tests.Mutations;

public sealed class MutationSummaryTests
{
    [Fact]
    public void Changes_are_of_the_pole_in_percent()
    {
        MutationRecord[] records =
        [
            new(new NeuronId(2, 0), Pole.Positive, 0, 3, 1, 2, 1, 0, 3),          // -50, -100, +50
            new(new NeuronId(2, 1), Pole.Positive, 0, 3, 1, 4, 4, -8, 3),         // 0, the other side: -100, -25
            new(new NeuronId(2, 1), Pole.Negative, 0, 3, 1, -4, -5, 8, -4),       // +25, the other side: -100, 0
            new(new NeuronId(2, 2), Pole.Negative, 0, 3, 1, -8, -4, -2, 1),       // -50, -75, -100
            new(new NeuronId(2, 3), Pole.Positive, 0, 3, 1, 0, 1, 1, 1),          // not on its pole: no change can be told
            new(new NeuronId(0, 3), Pole.Positive, 0, 3, 1, 1, 1, 1, 1),
        ];
        MutationSummary summary = MutationSummary.Of(records, seed: 6);
        Assert.Equal([0, 1, 2], summary.Layers.Select(layer => layer.Layer));
        LayerMutations two = summary.Layers[2];
        Require(two.First, [-50, 0, 25, -50]);
        Require(two.Last, [-100, -100, -100, -75]);
        Require(two.Random, [50, -25, 0, -100]);
        Require(summary.Layers[0].First, [0]);
        Assert.Equal((Estimate.None, Estimate.None, Quartiles.None), (summary.Layers[1].Last.Mean, summary.Layers[1].Last.Median, summary.Layers[1].Last.Quartiles));
        Assert.Empty(MutationSummary.Of([], 0).Layers);

        static void Require(MutationEffect effect, double[] changes)
        {
            Assert.Equal(Bootstrap.Mean(changes, 6), effect.Mean);
            Assert.Equal(Bootstrap.Median(changes, 6), effect.Median);
            Assert.Equal(Quartiles.Of(changes), effect.Quartiles);
            Assert.Equal((changes.Average(), changes.Length), (effect.Mean.Value, effect.Mean.N));
        }
    }

    [Fact]
    public void Distances_are_of_triggers_that_some_loss_lowers()
    {
        ReachRecord[] records =
        [
            new(new NeuronId(1, 0), Pole.Positive, 0, 9, 0, 2, 1),
            new(new NeuronId(1, 0), Pole.Positive, 0, 9, 4, 2, -1),
            new(new NeuronId(1, 1), Pole.Negative, 0, 9, 2, -2, -1.5f),
            new(new NeuronId(1, 1), Pole.Negative, 0, 9, 7, -2, -2),       // no loss lowers it
            new(new NeuronId(1, 1), Pole.Positive, 0, 9, 7, 2, 3),
        ];
        ReachSummary summary = ReachSummary.Of(records, layers: 3);
        Assert.Equal([0, 1, 2], summary.Layers.Select(layer => layer.Layer));
        Assert.Equal(new Quartiles(1, 2, 3), summary.Layers[1].Distance);
        Assert.Equal((2.0, 3L, 2L), (summary.Layers[1].Median.Value, summary.Layers[1].Median.N, summary.Layers[1].Unmoved));
        Assert.Equal((Quartiles.None, 0L, 0L), (summary.Layers[2].Distance, summary.Layers[2].Median.N, summary.Layers[2].Unmoved));
    }
}
