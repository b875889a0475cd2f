using Keyhole.Engine;
using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Interventions;
using Keyhole.Memories;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Tests.Interventions;

public sealed class InterventionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("L3N12:off", "L3N12:off", InterventionKind.Off, 0, InterventionPlace.All)]
    [InlineData("l3n12:off:all", "L3N12:off", InterventionKind.Off, 0, InterventionPlace.All)]
    [InlineData("3/12:off:last", "L3N12:off:last", InterventionKind.Off, 0, InterventionPlace.Last)]
    [InlineData("L4N5:set:2.5", "L4N5:set:2.5", InterventionKind.Set, 2.5, InterventionPlace.All)]
    [InlineData("L4E1N5:scale:-1e-2", "L4E1N5:scale:-0.01", InterventionKind.Scale, -0.01, InterventionPlace.All)]
    [InlineData("L4N6:max:3:last", "L4N6:max:3:last", InterventionKind.Max, 3, InterventionPlace.Last)]
    [InlineData("L4N6:min:1", "L4N6:min:1", InterventionKind.Min, 1, InterventionPlace.All)]
    [InlineData("L4N6:add:1000000", "L4N6:add:1000000", InterventionKind.Add, 1e6, InterventionPlace.All)]
    [InlineData("L4N6:quantile:0.99:7,0,3,3", "L4N6:quantile:0.99:0,3,7", InterventionKind.Quantile, 0.99, InterventionPlace.Listed)]
    public void Words_are_read_and_written(string text, string written, InterventionKind kind, double value, InterventionPlace place)
    {
        Intervention read = Intervention.Parse(text);
        Assert.Equal((written, kind, value, place), (read.ToString(), read.Kind, read.Value, read.Place));
        Assert.Equal(written, Intervention.Parse(written).ToString());
        Assert.Equal(place == InterventionPlace.Listed ? [0, 3, 7] : [], read.Positions);
    }

    [Theory]
    [InlineData("")]
    [InlineData("L3N12")]
    [InlineData("off")]
    [InlineData("L3N12:of")]
    [InlineData("L3N12:0")]
    [InlineData("L3N12:off,set")]
    [InlineData("L3N12:off:1:2")]
    [InlineData("L3N12:off:-1")]
    [InlineData("L3N12:off:99999999999")]
    [InlineData("L3N12:set")]
    [InlineData("L3N12:set:")]
    [InlineData("L3N12:set:NaN")]
    [InlineData("L3N12:set:1,5")]
    [InlineData("L3N12:set:1000001")]
    [InlineData("L3N12:quantile:1.5")]
    [InlineData("L3N12:quantile:-0.1")]
    [InlineData("L3N12:max:2:first")]
    [InlineData("L3N12:max:2:last:more")]
    [InlineData("L3N<script>:off")]
    public void What_is_no_intervention_is_refused(string text)
        => Assert.Equal("KH7101", Assert.Throws<InputRefusedException>(() => Intervention.Parse(text)).Code);

    [Fact]
    public void Long_words_and_many_positions_are_refused_and_not_repeated()
    {
        InputRefusedException error = Assert.Throws<InputRefusedException>(() => Intervention.Parse(new string('x', 100_000)));
        Assert.True(error.Message.Length < 500);
        Assert.Throws<InputRefusedException>(() => Intervention.Parse("L0N0:off:" + string.Join(',', Enumerable.Range(0, Intervention.MostPositions + 1))));
    }

    [Fact]
    public void Relative_numbers_come_from_the_study()
    {
        using Model model = Model.Open(TinyModel.Llama().Write(_folder.File("model")));
        NeuronStatistics Statistics(float min, float max) => Histogram([(min, 1), (max, 1)], min, max);
        (CoefficientOperation, float) Of(string text, NeuronStatistics? statistics)
        {
            ResolvedIntervention resolved = ResolvedIntervention.Of(Intervention.Parse(text), model.Spec, _ => statistics);
            return (resolved.Operation, resolved.Value);
        }

        NeuronStatistics both = Statistics(-3, 5);
        Assert.Equal((CoefficientOperation.Set, 10), Of("L1N2:max:2", both));
        Assert.Equal((CoefficientOperation.Set, -1.5f), Of("L1N2:min:0.5", both));
        Assert.Equal((CoefficientOperation.Set, -3), Of("L1N2:quantile:0", both));
        Assert.Equal((CoefficientOperation.Set, 5), Of("L1N2:quantile:1", both));
        Assert.Equal((CoefficientOperation.Set, 0), Of("L1N2:off", null));
        Assert.Equal((CoefficientOperation.Set, 0.5f), Of("L1N2:set:0.5", null));
        Assert.Equal((CoefficientOperation.Scale, -2), Of("L1N2:scale:-2", null));
        Assert.Equal((CoefficientOperation.Add, -2), Of("L1N2:add:-2", null));
        foreach ((string text, NeuronStatistics? statistics) in new (string, NeuronStatistics?)[]
        {
            ("L1N2:max:2", Statistics(-3, 0)), ("L1N2:min:2", Statistics(0, 4)), ("L1N2:max:2", null), ("L1N2:quantile:0.5", null), ("L1N2:quantile:0.5", NeuronStatistics.Empty(gated: true)),
            ("L1N2:max:1000", Statistics(0, 3e38f)),
        })
        {
            Assert.Equal("KH7103", Assert.Throws<InputRefusedException>(() => Of(text, statistics)).Code);
        }
    }

    [Theory]
    [InlineData("L2N0:off", "0 to 1")]
    [InlineData("L1N40:off", "L1N0 to L1N39")]
    [InlineData("L1E0N3:off", "L1N0 to L1N39")]
    public void Memories_that_the_model_does_not_have_are_refused(string text, string hint)
    {
        using Model model = Model.Open(TinyModel.Llama().Write(_folder.File("model")));
        InputRefusedException error = Assert.Throws<InputRefusedException>(() => ResolvedIntervention.Of(Intervention.Parse(text), model.Spec, _ => null));
        Assert.Equal("KH7102", error.Code);
        Assert.Contains(hint, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Positions_become_rows()
    {
        using Model model = Model.Open(TinyModel.Mixtral().Write(_folder.File("model")));
        ResolvedIntervention Of(string text) => ResolvedIntervention.Of(Intervention.Parse(text), model.Spec, _ => null);
        Assert.Equal([7, 8, 9, 10], Of("L1E2N3:off").Changes(7, 3, 4).Select(change => change.Row));
        Assert.Equal([9], Of("L1E2N3:off:last").Changes(7, 3, 4).Select(change => change.Row));
        Assert.Equal([7, 9], Of("L1E2N3:off:0,2").Changes(7, 3, 4).Select(change => change.Row));
        Assert.All(Of("L1E2N3:set:4").Changes(7, 3, 4), change => Assert.Equal((1, 83, CoefficientOperation.Set, 4f), (change.Layer, change.Memory, change.Operation, change.Value)));
        Of("L1E2N3:off:0,2").RequireFits(3);
        Assert.Equal("KH7104", Assert.Throws<InputRefusedException>(() => Of("L1E2N3:off:0,3").RequireFits(3)).Code);
    }

    [Fact]
    public void Quantiles_are_linear_within_a_bin()
    {
        // 1 lies in [1, 1.25), 3 of them; 2 in [2, 2.5), one.
        NeuronStatistics statistics = Histogram([(1, 3), (2, 1)], 1.1f, 2.2f);
        Assert.Equal(1.1f, statistics.Quantile(0), 1e-12);
        Assert.Equal(1.1f + (0.5 / 0.75 * (1.25 - 1.1f)), statistics.Quantile(0.5), 1e-12);
        Assert.Equal(1.25, statistics.Quantile(0.75), 1e-12);
        Assert.Equal(2 + (0.5 * (2.2f - 2)), statistics.Quantile(0.875), 1e-12);
        Assert.Equal(2.2f, statistics.Quantile(1), 1e-12);
        Assert.True(double.IsNaN(NeuronStatistics.Empty(gated: false).Quantile(0.5)));
        Assert.Throws<ArgumentOutOfRangeException>(() => statistics.Quantile(1.01));

        NeuronStatistics signed = Histogram([(-1e6f, 1), (-1, 1), (0, 2), (1e6f, 1)], -1e6f, 2e6f);
        double[] quantiles = [.. Enumerable.Range(0, 101).Select(i => signed.Quantile(i / 100.0))];
        Assert.Equal(quantiles.Order(), quantiles);
        Assert.Equal((-1e6, 2e6), (quantiles[0], quantiles[^1]));
        Assert.All(quantiles, quantile => Assert.True(double.IsFinite(quantile)));
    }

    private static NeuronStatistics Histogram((float Value, uint Count)[] counts, float min, float max)
    {
        var histogram = new uint[ActivationHistogram.Bins];
        foreach ((float value, uint count) in counts)
        {
            histogram[ActivationHistogram.BinOf(value)] += count;
        }

        return new NeuronStatistics
        {
            Count = counts.Sum(entry => entry.Count),
            Sum1 = default,
            Sum2 = default,
            Sum3 = default,
            Sum4 = default,
            Min = min,
            Max = max,
            PositiveCount = 0,
            Histogram = [.. histogram],
        };
    }
}
