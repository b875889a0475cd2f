using Keyhole.Composition;
using Keyhole.Memories;
using Keyhole.Studies;
using Keyhole.TestSupport;
using Keyhole.Tests.Mining;
using Keyhole.Values;
using Xunit;

namespace Keyhole.Tests.Composition;

public sealed class TracedLayersTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_known_comes_from_study_and_values(bool gated)
    {
        using var run = new TinyRun();
        string folder = run.Model(gated ? TinyModel.Llama(memories: 20, vocabulary: TinyTokenizer.Size) : TinyModel.Opt(memories: 20, vocabulary: TinyTokenizer.Size));
        using Study study = TinyRun.Mine(run.Options(folder, run.Corpus(TinyRun.Lines)) with { Layers = [1] });
        using var twin = new NaiveTracer(folder);
        ValueRecord[] values = [Value(new NeuronId(0, 3), 70, 71), Value(new NeuronId(1, 19), 80, 81)];
        IReadOnlyList<TracedLayer> layers = TracedLayers.Of(twin.Spec, values, study.Memories());
        Assert.Equal(2, layers.Count);
        Assert.Equal((70, 71, 80, 81), (layers[0].Argmax[3], layers[0].Argmin[3], layers[1].Argmax[19], layers[1].Argmin[19]));
        Assert.Equal(38, layers.Sum(layer => layer.Argmax.Count(token => token == -1)));
        Assert.All(layers[0].Thresholds, threshold => Assert.Equal(gated ? float.NaN : 0, threshold));   // the study did not mine it
        for (int i = 0; i < 20; i++)
        {
            NeuronStatistics statistics = study.Memory(new NeuronId(1, i))!.Statistics;
            float largest = Math.Max(Math.Abs(statistics.Min), Math.Abs(statistics.Max));
            Assert.Equal(gated ? largest / 100 : 0, layers[1].Thresholds[i], 1e-6f * largest);
        }
    }

    private static ValueRecord Value(NeuronId id, int argmax, int argmin) => new()
    {
        Id = id,
        Norm = 1,
        MaxProbability = 0.5,
        LogSumExp = 1,
        Top = [new TokenLogit(argmax, 2)],
        Bottom = [new TokenLogit(argmin, -2)],
        Positive = ValuePole.None,
    };
}
