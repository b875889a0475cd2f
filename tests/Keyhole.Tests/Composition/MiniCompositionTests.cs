using System.Globalization;
using System.Text.Json;
using Keyhole.Composition;
using Keyhole.Corpora;
using Keyhole.Engine.Models;
using Keyhole.Engine.Readouts;
using Keyhole.Engine.Tokens;
using Keyhole.TestSupport;
using Keyhole.Tests.Mining;
using Xunit;

namespace Keyhole.Tests.Composition;

/// <summary>Section 5 on the mini model, against an independent float64 implementation (shared/conformance/mini).</summary>
public sealed class MiniCompositionTests(MiniCompositionTests.Run run) : IClassFixture<MiniCompositionTests.Run>
{
    private const int Layers = 10;
    private const int Prefixes = 1000;

    [Fact]
    public void Readings_of_the_given_prefixes_agree()
    {
        using var golden = new Golden(SharedData.Require("conformance", "mini", "golden.safetensors"));
        IReadOnlyList<PrefixTrace> traces = run.Traces(golden);

        Assert.Equal(golden.Integers("prefix.sentence"), traces.Select(trace => trace.Unit));
        Assert.Equal(golden.Integers("prefix.position"), traces.Select(trace => trace.Position));
        Same(golden.Integers("prefix.top_r"), traces, read => read.TopR, Prefixes * Layers / 1000);
        Same(golden.Integers("prefix.top_y"), traces, read => read.TopY, Prefixes * Layers / 1000);
        Same(golden.Integers("prefix.top_o"), traces, read => read.TopO, Prefixes * Layers / 1000);
        Same(golden.Integers("prefix.zero_agreement"), traces, read => read.ZeroAgreement ? 1 : 0, Prefixes * Layers / 1000);
        Near(golden.Floats("prefix.active_share"), traces, Layers, (trace, layer) => trace.Layers[layer].ActiveShare, (_, _) => 1.01 / 1024, most: 0.002);
        Near(golden.Floats("prefix.final_probability_in_r"), traces, Layers, (trace, layer) => trace.Layers[layer].R.FinalProbability, (value, _) => 1e-4 + (1e-3 * value), most: 0.002);
        Near(golden.Floats("prefix.target_rank"), traces, Layers + 1, (trace, layer) => Reading(trace, layer).TargetRank, (value, _) => 1 + (0.001 * value), most: 0);
        Near(golden.Floats("prefix.final_rank"), traces, Layers + 1, (trace, layer) => Reading(trace, layer).FinalRank, (value, _) => 1 + (0.001 * value), most: 0.002);
    }

    [Fact]
    public void Shares_by_layer_agree()
    {
        using var golden = new Golden(SharedData.Require("conformance", "mini", "golden.safetensors"));
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(SharedData.Require("conformance", "mini", "summary.json")));
        CompositionSummary summary = CompositionSummary.Of(run.Traces(golden), new StopWords([], _ => null), seed: 1);

        double[] Of(string name) => [.. json.RootElement.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];
        void Near(string name, Func<LayerComposition, double> value)
            => Assert.All(Of(name).Zip(summary.Layers), pair => Assert.True(Math.Abs(pair.First - value(pair.Second)) <= 0.002, $"{name}, layer {pair.Second.Layer}: {value(pair.Second)}, golden {pair.First}."));
        Near("active_share", layer => layer.ActiveShare.Value);
        Near("zero_agreement", layer => layer.ZeroAgreement.Value);
        Near("final_in_r", layer => layer.FinalInResidual.Value);
        Near("final_probability", layer => layer.FinalProbability.Value);
        JsonElement[] breakdown = [.. json.RootElement.GetProperty("breakdown_residual_ffn_agreement_composition_overruled").EnumerateArray()];
        Assert.All(breakdown.Zip(summary.Layers), pair =>
        {
            Breakdown got = pair.Second.Breakdown;
            long[] counts = [got.Residual, got.Ffn, got.Agreement, got.Composition, got.Overruled];
            Assert.All(pair.First.EnumerateArray().Zip(counts), cell => Assert.InRange(got.Of(cell.Second).Value, cell.First.GetDouble() - 0.002, cell.First.GetDouble() + 0.002));
        });
        double[] ranks = [.. summary.Layers.Select(layer => layer.MedianTargetRank), summary.Output.TargetRank.Median];
        Assert.All(Of("median_target_rank").Zip(ranks), pair => Assert.InRange(pair.Second, pair.First - 1 - (0.001 * pair.First), pair.First + 1 + (0.001 * pair.First)));
    }

    private static StateReading Reading(PrefixTrace trace, int layer) => layer == Layers ? trace.Output : trace.Layers[layer].R;

    private static void Same(int[] golden, IReadOnlyList<PrefixTrace> traces, Func<PrefixLayer, int> value, int most)
    {
        Assert.Equal(Layers * Prefixes, golden.Length);
        for (int layer = 0; layer < Layers; layer++)
        {
            int differ = Enumerable.Range(0, Prefixes).Count(i => golden[(layer * Prefixes) + i] != value(traces[i].Layers[layer]));
            Assert.True(differ <= most / Layers, $"layer {layer}: {differ} of {Prefixes} differ.");
        }
    }

    // All within a tolerance but for a share, of which rounding explains a token on top of another.
    private static void Near(float[] golden, IReadOnlyList<PrefixTrace> traces, int rows, Func<PrefixTrace, int, double> value, Func<double, int, double> tolerance, double most)
    {
        Assert.Equal(rows * Prefixes, golden.Length);
        for (int layer = 0; layer < rows; layer++)
        {
            int off = Enumerable.Range(0, Prefixes).Count(i => !(Math.Abs(golden[(layer * Prefixes) + i] - value(traces[i], layer)) <= tolerance(golden[(layer * Prefixes) + i], layer)));
            Assert.True(off <= most * Prefixes, $"layer {layer}: {off} of {Prefixes} are off.");
        }
    }

    /// <summary>The prefixes are run once for all tests.</summary>
    public sealed class Run : IDisposable
    {
        private readonly TemporaryFolder _folder = new();
        private IReadOnlyList<PrefixTrace>? _traces;

        internal IReadOnlyList<PrefixTrace> Traces(Golden golden) => _traces ??= Trace(golden);

        public void Dispose() => _folder.Dispose();

        private IReadOnlyList<PrefixTrace> Trace(Golden golden)
        {
            string corpus = SharedData.Require("models", "mini", "valid.sentences.txt");
            string file = _folder.File("prefixes.jsonl");
            int[] units = golden.Integers("prefix.sentence");
            int[] positions = golden.Integers("prefix.position");
            File.WriteAllLines(file, units.Zip(positions, (unit, position) => string.Create(CultureInfo.InvariantCulture, $"{{\"unit\": {unit}, \"position\": {position}}}")));
            string path = Path.Combine(SharedData.Repository, "models", "mini");
            using Model model = Model.Open(path);
            var rules = new TextRules { Unit = UnitKind.Line };
            var options = new PrefixOptions { File = file };
            PrefixSet set = PrefixSource.Choose(new CorpusTexts([corpus], rules, TokenizerLoader.Load(path), model.Spec.ContextLength, threads: 2), rules, options, progress: null, TestContext.Current.CancellationToken);
            int[] argmax = golden.Integers("value.argmax");
            int[] argmin = golden.Integers("value.argmin");
            int width = argmax.Length / Layers;
            TracedLayer[] layers = [.. Enumerable.Range(0, Layers).Select(layer => new TracedLayer(new float[width], argmax[(layer * width)..((layer + 1) * width)], argmin[(layer * width)..((layer + 1) * width)]))];
            using var pass = new ForwardPass(model, new ForwardOptions { Threads = 2 });
            using var reader = new VocabularyReader(model, threads: 2);
            return new PrefixTracer(model, pass, reader, layers).Trace(set.Prefixes, seed: 1, cancellation: TestContext.Current.CancellationToken);
        }
    }
}
