using Keyhole.Composition;
using Keyhole.Distributions;
using Keyhole.Memories;
using Keyhole.Statistics;
using Keyhole.Studies;
using Keyhole.Tests.Studies;
using Xunit;

namespace Keyhole.Tests.Distributions;

public sealed class LayerDistributionsTests
{
    [Fact]
    public void Memories_are_counted_by_layer()
    {
        var distributions = new LayerDistributions(Shape("relu", gated: false));
        distributions.Add(Memory(2, 0, [0, 0, 0, 5], fires: true));            // active at a quarter
        distributions.Add(Memory(2, 1, [1, 2, 3, 4], fires: true));            // always on
        distributions.Add(Memory(2, 2, [0, 0, 0, 0], fires: false));           // dead, without a kurtosis
        distributions.Add(Memory(0, 0, [1, -1, 1, -1], fires: true));
        LayerDistribution[] layers = [.. distributions.ToLayers()];
        Assert.Equal([0, 2], layers.Select(layer => layer.Layer));
        Assert.Equal((3, 2), (layers[1].Memories, layers[1].Varying));
        Assert.Equal(new Share(1, 3), layers[1].Dead);
        Assert.Equal(new Share(1, 3), layers[1].AlwaysOn);
        Assert.Equal(new Quartiles(0.125, 0.25, 0.625), layers[1].Active);
        Assert.Equal(Quartiles.Of([Moments.Of([0, 0, 0, 5]).ExcessKurtosis, Moments.Of([1, 2, 3, 4]).ExcessKurtosis]).Median, layers[1].Kurtosis.Median, 1e-12);
        Assert.Empty(layers[1].SignCases);
        Assert.Equal(new Share(0, 1), layers[0].AlwaysOn);
    }

    [Fact]
    public void Of_gated_memories_both_signs_are_active_and_sign_cases_add_up()
    {
        var distributions = new LayerDistributions(Shape("silu", gated: true));
        distributions.Add(Memory(0, 0, [-8, 4, 0.01f, -0.001f], fires: true, new SignCases(1, 2, 0, 1)));
        distributions.Add(Memory(0, 1, [-8, 4, 2, -6], fires: true, new SignCases(0, 1, 3, 0)));
        LayerDistribution layer = Assert.Single(distributions.ToLayers());
        Assert.Equal([("gate+in+", 0.125), ("gate+in-", 0.375), ("gate-in+", 0.375), ("gate-in-", 0.125)], layer.SignCases.Select(named => (named.Name, named.Share.Value)));
        Assert.Equal(0.125 + (1.959963984540054 * 0.125 / Math.Sqrt(2)), layer.SignCases[0].Share.Interval.Upper, 1e-14);   // shares 1/4 and 0
        Assert.Equal(new Quartiles(0.625, 0.75, 0.875), layer.Active);   // one half, and all: 1% of 8 is 0.08
        Assert.Equal(new Share(1, 2), layer.AlwaysOn);
    }

    [Fact]
    public void The_share_of_positions_follows_the_rule_of_what_is_active()
    {
        NeuronStatistics statistics = Memory(0, 0, [-8, 4, 0.01f, -0.001f], fires: true).Statistics;
        Assert.Equal(0.5, ActiveShare.Of(statistics, aboveZero: true));
        Assert.Equal(0.5, ActiveShare.Of(statistics, aboveZero: false));
        Assert.True(double.IsNaN(ActiveShare.Of(NeuronStatistics.Empty(gated: false), aboveZero: false)));
    }

    private static ModelShape Shape(string activation, bool gated) => new() { Widths = [3, 3, 3], ModelWidth = 8, Gated = gated, Activation = activation, VocabularySize = 10 };

    private static MemoryRecord Memory(int layer, int index, float[] coefficients, bool fires, SignCases? cases = null) => new()
    {
        Id = new NeuronId(layer, index),
        Statistics = SampleStudy.Statistics(coefficients, cases is { } all ? m => m == coefficients[0] ? all : default : null),
        Positive = fires ? [new Trigger(1, float.NaN, 0, 1, 2)] : [],
        Negative = [],
    };
}
