using Keyhole.Composition;
using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Engine.Readouts;
using Keyhole.Memories;
using Keyhole.Mining;
using Keyhole.TestSupport;
using Keyhole.Tests.Mining;
using Xunit;

namespace Keyhole.Tests.Composition;

/// <summary>The tracer against its twin on tiny models, and what may change nothing.</summary>
public sealed class PrefixTracerTests
{
    private const double Tolerance = 2e-4;

    [Theory]
    [InlineData("opt", Readout.Folded)]
    [InlineData("opt", Readout.Raw)]
    [InlineData("llama", Readout.Folded)]
    [InlineData("gelu", Readout.Folded)]
    [InlineData("post-norm", Readout.Folded)]
    [InlineData("gemma2", Readout.Folded)]
    [InlineData("gptj", Readout.Folded)]
    [InlineData("mixtral", Readout.Folded)]
    [InlineData("fairseq", Readout.Folded)]
    [InlineData("fairseq, gelu", Readout.Raw)]
    [InlineData("fairseq, final norm", Readout.Folded)]
    [InlineData("fairseq, final norm", Readout.Raw)]
    public void Every_reading_equals_the_twin(string kind, Readout readout)
    {
        using var tiny = new TinyTrace(ModelOf(kind));
        NaiveTracer twin = tiny.Twin;
        IReadOnlyList<PrefixTrace> traces = tiny.Trace(readout);
        Assert.Equal(40, traces.Count);
        int layers = twin.Spec.LayerCount;
        var naive = new NaiveMiner(tiny.Folder, TinyRun.Lines, new MiningRules());
        double[][] largest = [.. Enumerable.Range(0, layers).Select(layer => twin.Spec.NamesOf(layer)
            .Select(id => naive.Coefficients(id).SelectMany(unit => unit).Max(m => Math.Abs((double)m))).ToArray())];
        var agreements = new List<bool>();
        bool moved = false;   // a product's top token is another than its value's
        foreach ((PrefixTrace trace, Prefix prefix) in traces.Zip(tiny.Prefixes))
        {
            SiteCapture sites = twin.Run(prefix.Ids);
            double[] State(Site site, int layer) => NaiveTracer.Last(sites, site, layer, prefix.Ids.Length);
            double[] Linear(double[] vector) => readout == Readout.Raw ? twin.Raw(vector) : twin.Folded(vector);
            double[] output = twin.Head(State(Site.ResidPost, layers - 1));
            int final = NaiveTracer.Argmax(output);
            Assert.Equal(final, trace.Final);
            Near(output, prefix, final, trace.Output);
            for (int layer = 0; layer < layers; layer++)
            {
                PrefixLayer read = trace.Layers[layer];
                double[] r = State(Site.ResidMid, layer);
                double[] o = State(Site.ResidPost, layer);
                int topY = NaiveTracer.Argmax(Linear(State(Site.MlpOut, layer)));
                Assert.Equal(NaiveTracer.Argmax(twin.Head(r)), read.TopR);
                Assert.Equal(topY, read.TopY);
                Assert.Equal(NaiveTracer.Argmax(twin.Head(o)), read.TopO);
                Assert.Equal(NaiveTracer.Argmax(Linear(r)), read.LinearTopR);
                Assert.Equal(NaiveTracer.Argmax(Linear(o)), read.LinearTopO);
                Near(twin.Head(r), prefix, final, read.R);

                double[] m = State(Site.MlpPost, layer);
                bool relu = kind is "opt" or "fairseq" or "fairseq, final norm";
                bool[] active = [.. m.Select((value, i) => relu ? value > 0 : Math.Abs(value) > 0.01 * largest[layer][i])];
                bool[] agrees = [.. m.Select((value, i) => (value < 0 ? tiny.Layers[layer].Argmin[i] : tiny.Layers[layer].Argmax[i]) == topY)];
                Assert.Equal((float)active.Count(one => one) / m.Length, read.ActiveShare);
                Assert.Equal((float)m.Count(value => value > 0) / m.Length, read.PositiveShare);
                Assert.Equal(!active.Zip(agrees, (a, b) => a && b).Any(both => both), read.ZeroAgreement);
                Assert.Equal(!agrees.Any(one => one), read.ZeroAgreementOverAll);
                agreements.Add(read.ZeroAgreement);
                if (twin.Spec.Head.Adaptive is null)
                {
                    Assert.Null(read.ZeroAgreementOfProducts);
                    continue;
                }

                bool[] products = [.. m.Select((value, i) => active[i] && NaiveTracer.Argmax(twin.ReadValue(layer, i, readout == Readout.Folded, value)) == topY)];
                Assert.Equal(!products.Any(one => one), read.ZeroAgreementOfProducts);
                moved |= read.ZeroAgreementOfProducts != read.ZeroAgreement;
            }
        }

        Assert.True(moved || kind != "fairseq, gelu");
        Assert.Contains(true, agreements);
        Assert.Contains(false, agreements);   // else the comparison shows little
    }

    [Theory]
    [InlineData("opt")]
    [InlineData("llama")]
    [InlineData("fairseq")]
    public void Blocks_and_threads_change_nothing(string kind)
    {
        using var tiny = new TinyTrace(ModelOf(kind));
        IReadOnlyList<PrefixTrace> expected = tiny.Trace();
        Same(expected, tiny.Trace(threads: 1, block: 1));
        Same(expected, tiny.Trace(threads: 2, block: 7));
        Same(expected, tiny.Trace(threads: 1, block: 39));
    }

    [Fact]
    public void The_order_of_memories_does_not_matter()
    {
        TinyModel model = ModelOf("opt");
        using var tiny = new TinyTrace(model);
        IReadOnlyList<PrefixTrace> expected = tiny.Trace();
        int memories = tiny.Layers[0].Argmax.Length;
        int[] order = [.. Enumerable.Range(0, memories).OrderBy(i => (i * 17) % memories)];
        Assert.NotEqual(Enumerable.Range(0, memories), order);
        foreach (string name in model.Tensors.Keys.Where(name => name.Contains("fc1", StringComparison.Ordinal) || name.EndsWith("fc2.weight", StringComparison.Ordinal)).ToArray())
        {
            (long[] shape, float[] values) = model.Tensors[name];
            int columns = name.Contains("fc1.weight", StringComparison.Ordinal) ? (int)shape[1] : 1;
            model.Tensors[name] = (shape, name.Contains("fc1", StringComparison.Ordinal)
                ? [.. order.SelectMany(i => values.Skip(i * columns).Take(columns))]
                : [.. Enumerable.Range(0, (int)shape[0]).SelectMany(row => order.Select(i => values[(row * memories) + i]))]);
        }

        TracedLayer[] layers = [.. tiny.Layers.Select(layer => new TracedLayer([.. order.Select(i => layer.Thresholds[i])], [.. order.Select(i => layer.Argmax[i])], [.. order.Select(i => layer.Argmin[i])]))];
        IReadOnlyList<PrefixTrace> permuted = tiny.Trace(folder: tiny.Write(model, "permuted"), layers: layers);
        Assert.All(expected.Zip(permuted), pair => Assert.All(pair.First.Layers.Zip(pair.Second.Layers), layer =>
        {
            Assert.Equal(layer.First with { R = default }, layer.Second with { R = default });
            Assert.Equal(layer.First.R.TargetProbability, layer.Second.R.TargetProbability, Tolerance);
        }));
    }

    [Fact]
    public void What_the_study_lacks_is_not_counted()
    {
        using var tiny = new TinyTrace(ModelOf("llama"));
        TracedLayer[] layers = [.. tiny.Layers.Select(layer => layer with { Thresholds = [.. layer.Thresholds.Select((threshold, i) => i < 10 ? float.NaN : threshold)], Argmax = [.. layer.Argmax.Select(_ => -1)], Argmin = [.. layer.Argmin.Select(_ => -1)] })];
        IReadOnlyList<PrefixTrace> traces = tiny.Trace(layers: layers);
        int known = layers[0].Thresholds.Length - 10;
        Assert.All(traces.SelectMany(trace => trace.Layers), read =>
        {
            Assert.Equal(Math.Round(read.ActiveShare * known), read.ActiveShare * known, 1e-3);
            Assert.True(read.ZeroAgreement && read.ZeroAgreementOverAll);
        });
        Assert.Equal(tiny.Trace().Select(trace => trace.Layers[0].PositiveShare), traces.Select(trace => trace.Layers[0].PositiveShare));
    }

    internal static TinyModel ModelOf(string kind) => kind switch
    {
        "opt" => TinyModel.Opt(memories: 300, vocabulary: TinyTokenizer.Size, activation: "relu"),
        "gelu" => TinyModel.Opt(memories: 100, vocabulary: TinyTokenizer.Size, activation: "gelu"),
        "gemma2" => TinyModel.Gemma2(TinyTokenizer.Size),
        "mixtral" => TinyModel.Mixtral(memories: 150),
        "gptj" => TinyModel.GptJ(TinyTokenizer.Size),
        "fairseq" => TinyModel.Fairseq(vocabulary: TinyTokenizer.Size, memories: 200),
        "fairseq, gelu" => TinyModel.Fairseq(vocabulary: TinyTokenizer.Size, memories: 150, activation: "gelu"),
        "fairseq, final norm" => TinyModel.Fairseq("paper, final norm", TinyTokenizer.Size, memories: 150),
        "post-norm" => TinyModel.Opt(memories: 100, vocabulary: TinyTokenizer.Size, embeddingWidth: 16, normBefore: false, activation: "gelu_new"),
        _ => TinyModel.Llama(memories: 300, vocabulary: TinyTokenizer.Size),
    };

    private static void Near(double[] logits, Prefix prefix, int final, StateReading got)
    {
        void Equal(double expected, double value) => Assert.Equal(expected, value, Tolerance * (1 + Math.Abs(expected)));
        if (prefix.Target >= 0)
        {
            Equal(NaiveTracer.Rank(logits, prefix.Target), got.TargetRank);
            Equal(NaiveTracer.Probability(logits, prefix.Target), got.TargetProbability);
        }

        Equal(NaiveTracer.Rank(logits, final), got.FinalRank);
        Equal(NaiveTracer.Probability(logits, final), got.FinalProbability);
        Equal(NaiveTracer.Rank(logits, prefix.Ids[^1]), got.CurrentRank);
        Equal(NaiveTracer.Entropy(logits), got.Entropy);
        Assert.InRange(got.ShuffledRank, 0, logits.Length - 1);
    }

    private static void Same(IReadOnlyList<PrefixTrace> expected, IReadOnlyList<PrefixTrace> got) => Assert.All(expected.Zip(got), pair =>
    {
        Assert.Equal(pair.First with { Layers = default }, pair.Second with { Layers = default });
        Assert.Equal(pair.First.Layers.AsEnumerable(), pair.Second.Layers.AsEnumerable());
    });
}
