using Keyhole.Compat;
using Keyhole.Composition;
using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Engine.Readouts;
using Keyhole.TestSupport;
using Keyhole.Tests.Composition;
using Keyhole.Values;
using Xunit;

namespace Keyhole.Tests.Compat;

/// <summary>The tracer against the scorer on whole rows of log-probabilities, which is itself held against the authors' own (CompatScorerTests).</summary>
public sealed class CompatTracerTests
{
    private const double Tolerance = 1e-4;

    [Theory]
    [InlineData("as the paper's")]
    [InlineData("norm, gates")]
    [InlineData("norm, experts")]
    [InlineData("adaptive softmax")]
    [InlineData("adaptive softmax, gelu")]
    public void Every_number_is_the_scorers(string kind)
    {
        bool paper = !kind.StartsWith("norm", StringComparison.Ordinal);
        using var tiny = new TinyTrace(kind switch
        {
            "as the paper's" => TinyModel.Opt(layers: 3, removeFinalNorm: true),
            "norm, experts" => TinyModel.Mixtral(),
            "adaptive softmax" => TinyModel.Fairseq(memories: 100),
            "adaptive softmax, gelu" => TinyModel.Fairseq(memories: 60, activation: "gelu"),
            _ => TinyModel.Llama(),
        });
        NaiveTracer twin = tiny.Twin;
        IReadOnlyList<Prefix> prefixes = Prefixes(tiny);
        IReadOnlyList<CompatTrace> traces = Trace(tiny, prefixes, block: null);
        Assert.Equal(prefixes.Select(prefix => (prefix.Unit, prefix.Position)), traces.Select(trace => (trace.Unit, trace.Position)));
        int matching = 0;
        foreach ((CompatTrace trace, Prefix prefix) in traces.Zip(prefixes))
        {
            SiteCapture sites = twin.Run(prefix.Ids);
            double[] State(Site site, int layer) => NaiveTracer.Last(sites, site, layer, prefix.Ids.Length);
            int final = NaiveTracer.Argmax(twin.Head(State(Site.ResidPost, twin.Spec.LayerCount - 1)));
            Assert.True(!paper || trace.Layers[^1].OutputTop == final);   // without a final norm the last o is the output
            for (int layer = 0; layer < twin.Spec.LayerCount; layer++)
            {
                FeedForwardSpec memories = twin.Spec.Blocks[layer].FeedForward;
                double[] router = memories.Router is null ? [1] : State(Site.ExpertWeights, layer);
                double[] m = [.. State(Site.MlpPost, layer).Select((value, i) => value * router[i / memories.ExpertSize])];
                double[] r = State(Site.ResidMid, layer);
                double[][] contributions = [.. m.Select((value, i) => twin.Value(layer, i).Select(v => value * v).ToArray())];
                CompatReading wanted = CompatScorer.Read(LogProbabilities(twin, r), LogProbabilities(twin, State(Site.MlpOut, layer)), LogProbabilities(twin, State(Site.ResidPost, layer)), final,
                    [.. contributions.Select((vector, i) => (float)(Math.Sign(m[i]) * Norm(vector)))],
                    [.. contributions.Select((vector, i) => m[i] == 0 ? 0 : NaiveTracer.Argmax(twin.Raw(vector)))],
                    (float)Norm(r));
                CompatReading got = trace.Layers[layer];
                matching += got.MatchingMemories;
                foreach ((string name, Func<CompatReading, object> value) in CompatFields.All)
                {
                    if (value(wanted) is double probability)
                    {
                        Assert.Equal(probability, (double)value(got), Tolerance);
                    }
                    else
                    {
                        Assert.True(value(wanted).Equals(value(got)), $"{name} of unit {prefix.Unit}, position {prefix.Position}, layer {layer}: {value(got)}, not {value(wanted)}");
                    }
                }
            }
        }

        Assert.True(matching > 0);
        Assert.Contains(traces, trace => trace.Layers.Any(layer => layer.OutputTopIsNotUpdateTop));
        Assert.Contains(traces, trace => trace.Layers.Any(layer => layer.FinalRankInResidual > 0 && layer.ResidualTopRankInUpdate > 0));
    }

    [Fact]
    public void Blocks_change_nothing()
    {
        using var tiny = new TinyTrace(TinyModel.Opt(removeFinalNorm: true));
        IReadOnlyList<Prefix> prefixes = Prefixes(tiny);
        Assert.All(Trace(tiny, prefixes, block: null).Zip(Trace(tiny, prefixes, block: 3)), pair => Assert.Equal(pair.First.Layers.AsEnumerable(), pair.Second.Layers.AsEnumerable()));
        Assert.Empty(Trace(tiny, [], block: null));
    }

    [Fact]
    public void Values_must_be_those_of_the_whole_model()
    {
        using var tiny = new TinyTrace(TinyModel.Opt());
        using Model model = Model.Open(tiny.Folder);
        IReadOnlyList<ValueRecord> values = ValueAnalysis.Run(tiny.Study, model, new ValueOptions { Readout = Readout.Raw, Top = 1, Threads = 1 }, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(2, CompatLayer.Of(model.Spec, values).Count);
        Assert.Throws<ArgumentException>(() => CompatLayer.Of(model.Spec, [.. values.Skip(1)]));
    }

    private static IReadOnlyList<Prefix> Prefixes(TinyTrace tiny)
        => PrefixSource.Choose(tiny.Study, tiny.Tokenizer, tiny.Twin.Spec.ContextLength, new PrefixOptions { Count = 30, Seed = 3, AllPositions = true, Threads = 2 }, cancellation: TestContext.Current.CancellationToken).Prefixes;

    private static IReadOnlyList<CompatTrace> Trace(TinyTrace tiny, IReadOnlyList<Prefix> prefixes, int? block)
    {
        using Model model = Model.Open(tiny.Folder);
        using var pass = new ForwardPass(model, new ForwardOptions { Threads = 2 });
        using var reader = new VocabularyReader(model, 2);
        IReadOnlyList<ValueRecord> values = ValueAnalysis.Run(tiny.Study, model, new ValueOptions { Readout = Readout.Raw, Top = 1, Threads = 2 });
        return new CompatTracer(model, pass, reader, CompatLayer.Of(model.Spec, values)) { BlockPrefixes = block }.Trace(prefixes, progress: null, TestContext.Current.CancellationToken);
    }

    private static float[] LogProbabilities(NaiveTracer twin, double[] vector)
    {
        double[] logits = twin.Raw(vector);
        double largest = logits.Max();
        double sum = largest + Math.Log(logits.Sum(logit => Math.Exp(logit - largest)));
        return [.. logits.Select(logit => (float)(logit - sum))];
    }

    private static double Norm(double[] vector) => Math.Sqrt(vector.Sum(value => value * value));
}
