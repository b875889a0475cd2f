using Keyhole.Composition;
using Keyhole.Debugging;
using Keyhole.Engine;
using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Engine.Readouts;
using Keyhole.Memories;
using Keyhole.Mining;
using Keyhole.Prompts;
using Keyhole.Studies;
using Keyhole.TestSupport;
using Keyhole.Tests.Composition;
using Keyhole.Tests.Mining;
using Keyhole.Values;
using Xunit;

namespace Keyhole.Tests.Debugging;

/// <summary>The debugger against the tracers of an analysis, bit by bit, and against the naive twin.</summary>
public sealed class PromptDebuggerTests
{
    public static TheoryData<string> Kinds => ["llama", "gelu", "post-norm", "gemma2", "gptj", "mixtral", "fairseq", "fairseq, final norm"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_position_is_read_as_an_analysis_reads_its_prefix(string kind)
    {
        using var tiny = new TinyTrace(PrefixTracerTests.ModelOf(kind));
        using var open = new OpenDebugger(tiny.Folder, tiny.Study);
        int layers = open.Model.Spec.LayerCount;
        foreach ((PrefixTrace trace, Prefix prefix) in tiny.Trace().Zip(tiny.Prefixes).Take(8))
        {
            int[] longer = [.. prefix.Ids, 70, 90, 110];
            foreach (DebuggedPrompt read in new[] { open.Ask(prefix.Ids), open.Ask(longer, prefix.Position), open.Ask(prefix.Ids, interventions: "L0N1:scale:1".Replace("L0N", kind == "mixtral" ? "L0E0N" : "L0N", StringComparison.Ordinal)) })
            {
                Assert.Equal((trace.Final, trace.Final, trace.Final), (read.Chosen, read.Output.Top[0].Token, read.Predictions[prefix.Position].Token));
                Assert.Equal((trace.Output.FinalRank, trace.Output.FinalProbability, trace.Output.Entropy), (read.Output.ChosenRank, read.Output.Chosen.Probability, read.Entropy));
                Assert.Equal(layers, read.Layers.Length);
                foreach (((PrefixLayer expected, DebuggedLayer got), int layer) in trace.Layers.Zip(read.Layers).Select((pair, layer) => (pair, layer)))
                {
                    ReadLayer reading = got.Reading;
                    Assert.Equal((layer, expected.TopR, expected.TopY, expected.TopO), (got.Layer, reading.R.Top[0].Token, reading.Y.Top[0].Token, reading.O.Top[0].Token));
                    Assert.Equal((expected.R.FinalRank, expected.R.FinalProbability), (reading.R.ChosenRank, reading.R.Chosen.Probability));
                    Assert.Equal(1, Counted(default(Breakdown).With(expected.TopR, expected.TopY, expected.TopO), reading.Step));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_number_equals_the_twin(string kind)
    {
        using var tiny = new TinyTrace(PrefixTracerTests.ModelOf(kind));
        using var open = new OpenDebugger(tiny.Folder, study: null);
        ModelSpec spec = open.Model.Spec;
        int[] ids = [0, 118, 106, 103, 34, 101, 99, 118];
        int position = 5;
        DebuggedPrompt read = open.Ask(ids, position, token: 17, top: 4, memories: 6);
        SiteCapture whole = tiny.Twin.Run(ids);
        float[] finals = whole.Values(Site.ResidPost, spec.LayerCount - 1);
        for (int at = 0; at < ids.Length; at++)
        {
            double[] logits = tiny.Twin.Head([.. finals.AsSpan(at * spec.Width, spec.Width).ToArray().Select(value => (double)value)]);
            Assert.Equal(NaiveTracer.Argmax(logits), read.Predictions[at].Token);
            Assert.Equal(logits.Max(), read.Predictions[at].Logit, 1e-3);
            Assert.Equal(NaiveTracer.Probability(logits, NaiveTracer.Argmax(logits)), read.Predictions[at].Probability, 1e-4);
        }

        SiteCapture sites = tiny.Twin.Run(ids[..(position + 1)]);
        foreach (DebuggedLayer layer in read.Layers)
        {
            double[] State(Site site) => NaiveTracer.Last(sites, site, layer.Layer, position + 1);
            Require(tiny.Twin.Head(State(Site.ResidMid)), layer.Reading.R);
            Require(tiny.Twin.Folded(State(Site.MlpOut)), layer.Reading.Y);
            Require(tiny.Twin.Head(State(Site.ResidPost)), layer.Reading.O);
            double[] m = State(Site.MlpPost);
            FeedForwardSpec memories = spec.Blocks[layer.Layer].FeedForward;
            double[] router = memories.Router is null ? [1] : State(Site.ExpertWeights);
            double[] strengths = [.. m.Select((value, i) => Math.Abs(value * router[i / memories.ExpertSize]) * Math.Sqrt(tiny.Twin.Value(layer.Layer, i).Sum(x => x * x)))];
            Assert.Equal(strengths.Sum(), layer.Strength, 1e-4 * strengths.Sum());
            Assert.Equal(6, layer.Memories.Length);
            double[] strongest = [.. strengths.OrderDescending().Take(6)];
            foreach ((DominantMemory memory, double strength) in layer.Memories.Zip(strongest))
            {
                int number = memories.NumberOf(memory.Id);
                Assert.Equal(strength, memory.Strength, 1e-4 * strength);
                Assert.Equal(strengths[number], memory.Strength, 1e-4 * strength);
                Assert.Equal(strength / strengths.Sum(), memory.Share, 1e-4);
                Assert.Equal(m[number], memory.Coefficient, 1e-6);
                Assert.Equal(router[number / memories.ExpertSize], memory.RouterWeight, 1e-6);
                double[] z = tiny.Twin.ReadValue(layer.Layer, number, folded: true);
                Assert.Equal(5, memory.Tokens.Length);
                Assert.Equal(memory.Coefficient < 0 ? NaiveTracer.Argmin(z) : NaiveTracer.Argmax(z), memory.Tokens[0].Token);
                Assert.All(memory.Tokens, token => Assert.Equal(z[token.Token], token.Logit, 1e-3));
            }
        }

        static void Require(double[] logits, ReadVector got)
        {
            int[] top = [.. Enumerable.Range(0, logits.Length).OrderByDescending(token => logits[token]).Take(4)];
            Assert.Equal(top.Select(token => logits[token]), got.Top.Select(token => (double)token.Logit), (a, b) => Math.Abs(a - b) < 1e-3);
            Assert.All(got.Top.Append(got.Chosen), token => Assert.Equal(NaiveTracer.Probability(logits, token.Token), token.Probability, 1e-4));
            Assert.Equal(17, got.Chosen.Token);
            Assert.Equal(NaiveTracer.Rank(logits, 17), got.ChosenRank);
        }
    }

    [Fact]
    public void A_prompts_last_token_is_read_as_the_prompt_tracer_reads_it()
    {
        using var tiny = new TinyTrace(PrefixTracerTests.ModelOf("llama"));
        using var open = new OpenDebugger(tiny.Folder, tiny.Study);
        PromptEntry prompt = new() { Set = "a", Prompt = "the cat ", Answer = "sat" };
        PromptTrace trace = new PromptTracer(open.Model, tiny.Tokenizer, BosPolicy.Auto, open.Pass, open.Reader).Trace([prompt], seed: 1)[0];
        DebuggedPrompt read = open.Ask(PromptTokens.Begin(prompt.Prompt, tiny.Tokenizer, BosPolicy.Auto), token: trace.AnswerToken);
        Assert.Equal(trace.Layers.Select(layer => (layer.Top, layer.AnswerRank, layer.AnswerProbability)),
            read.Layers.Select(layer => layer.Reading.R).Append(read.Output).Select(state => (state.Top[0].Token, state.ChosenRank, state.Chosen.Probability)));
    }

    [Fact]
    public void Value_tokens_of_the_study_are_those_of_the_model()
    {
        using var tiny = new TinyTrace(PrefixTracerTests.ModelOf("llama"));
        using var bare = new OpenDebugger(tiny.Folder, study: null);
        DebuggedPrompt expected = bare.Ask(tiny.Prefixes[3].Ids);
        string path = tiny.Study.FilePath;
        IReadOnlyList<ValueRecord> values = ValueAnalysis.Run(tiny.Study, bare.Model, new ValueOptions { Top = 8, Threads = 1 }, cancellation: TestContext.Current.CancellationToken);
        using (StudyEditor editor = StudyEditor.Open(path))
        {
            Keyhole.Studies.Analysis.ValueTable.Write(editor, new Dictionary<string, string> { ["readout"] = "folded" }, [.. values.Where(value => value.Id.Index % 3 != 0)]);   // a third is not there
            editor.Commit();
        }

        using Study study = Study.Open(path);
        using var open = new OpenDebugger(tiny.Folder, study);
        DebuggedPrompt read = open.Ask(tiny.Prefixes[3].Ids);
        Assert.Equal(Readout.Folded, read.Readout);
        Assert.Equal(expected.Layers.SelectMany(layer => layer.Memories).SelectMany(memory => memory.Tokens.Select(token => (memory.Id, token.Token))),
            read.Layers.SelectMany(layer => layer.Memories).SelectMany(memory => memory.Tokens.Select(token => (memory.Id, token.Token))));
    }

    [Theory]
    [InlineData("llama")]
    [InlineData("mixtral")]
    [InlineData("fairseq")]
    public void An_effect_equals_two_runs_of_the_twin(string kind)
    {
        using var tiny = new TinyTrace(PrefixTracerTests.ModelOf(kind));
        using var open = new OpenDebugger(tiny.Folder, tiny.Study);
        int[] ids = [0, 118, 106, 103, 34, 101, 99, 118];
        DebuggedPrompt plain = open.Ask(ids);
        NeuronId first = plain.Layers[0].Memories[0].Id;
        NeuronId second = plain.Layers[1].Memories[1].Id;
        string[] wishes = [$"{first}:off", $"{second}:set:3:last", $"{plain.Layers[1].Memories[2].Id}:scale:-1:2,7"];
        DebuggedPrompt read = open.Ask(ids, token: 40, top: 5, interventions: wishes);
        InterventionEffect effect = read.Effect!;
        Assert.Equal(wishes, effect.Applied.Select(applied => applied.Intervention.Wish.ToString()));
        Assert.Equal((plain.Layers[0].Memories[0].Coefficient, 0), (effect.Applied[0].Before, effect.Applied[0].After));
        Assert.Equal((plain.Layers[1].Memories[1].Coefficient, 3), (effect.Applied[1].Before, effect.Applied[1].After));
        Assert.Null(plain.Effect);
        Assert.Equal(plain.Output.Top.Take(5), read.Output.Top);   // the plain run stays what it is

        ModelSpec spec = open.Model.Spec;
        var changes = new CoefficientChanges(spec, open.Resolve(wishes).SelectMany(wish => wish.Changes(0, ids.Length, ids.Length)));
        SiteCapture before = Capture(null);
        SiteCapture after = Capture(changes);
        double[] p = Head(before, Site.ResidPost, spec.LayerCount - 1);
        double[] q = Head(after, Site.ResidPost, spec.LayerCount - 1);
        double divergence = Enumerable.Range(0, p.Length).Sum(token => NaiveTracer.Probability(p, token) * Math.Log(NaiveTracer.Probability(p, token) / NaiveTracer.Probability(q, token)));
        Assert.True(divergence > 1e-4, $"{divergence}");
        Assert.Equal(divergence, effect.Divergence, 1e-3 * divergence);
        Assert.Equal((NaiveTracer.Rank(p, 40), NaiveTracer.Rank(q, 40)), (effect.Chosen.RankBefore, effect.Chosen.RankAfter));
        foreach (TokenShift shift in effect.Tokens.Append(effect.Chosen))
        {
            Assert.Equal(NaiveTracer.Probability(p, shift.Token), shift.Before, 1e-4);
            Assert.Equal(NaiveTracer.Probability(q, shift.Token), shift.After, 1e-4);
        }

        Assert.Equal(read.Output.Top.Concat(effect.Output.Top).Select(token => token.Token).Distinct().Order(), effect.Tokens.Select(token => token.Token).Order());
        Assert.Equal(effect.Tokens.Select(shift => Math.Max(shift.Before, shift.After)).OrderDescending(), effect.Tokens.Select(shift => Math.Max(shift.Before, shift.After)));
        for (int layer = 0; layer < spec.LayerCount; layer++)
        {
            Assert.Equal(NaiveTracer.Argmax(Head(after, Site.ResidMid, layer)), effect.Layers[layer].R.Top[0].Token);
            Assert.Equal(NaiveTracer.Argmax(Head(after, Site.ResidPost, layer)), effect.Layers[layer].O.Top[0].Token);
            Assert.Equal(NaiveTracer.Argmax(tiny.Twin.Folded(NaiveTracer.Last(after, Site.MlpOut, layer, ids.Length))), effect.Layers[layer].Y.Top[0].Token);
        }

        SiteCapture Capture(IForwardIntervention? intervention)
        {
            var capture = new SiteCapture(spec, ids.Length, ["*"]);
            open.Pass.Run(TokenBatch.OfText(ids), capture, intervention, TestContext.Current.CancellationToken);
            return capture;
        }

        double[] Head(SiteCapture capture, Site site, int layer) => tiny.Twin.Head(NaiveTracer.Last(capture, site, layer, ids.Length));
    }

    [Fact]
    public void An_intervention_that_changes_nothing_has_no_effect_at_all()
    {
        using var tiny = new TinyTrace(PrefixTracerTests.ModelOf("llama"));
        using var open = new OpenDebugger(tiny.Folder, tiny.Study);
        int[] ids = tiny.Prefixes.MaxBy(prefix => prefix.Ids.Length)!.Ids;
        DebuggedPrompt read = open.Ask(ids, position: ids.Length - 3, interventions: ["L0N5:scale:1", "L1N7:add:0"]);
        Assert.Equal(0, read.Effect!.Divergence);
        Assert.Equal(read.Output.Top, read.Effect.Output.Top);
        Assert.Equal(read.Layers.SelectMany(layer => layer.Reading.Y.Top), read.Effect.Layers.SelectMany(layer => layer.Y.Top));
        Assert.All(read.Effect.Applied, applied => Assert.Equal(applied.Before, applied.After));
    }

    [Fact]
    public void Threads_change_nothing()
    {
        using var tiny = new TinyTrace(PrefixTracerTests.ModelOf("mixtral"));
        DebuggedPrompt[] read = [.. new[] { 1, 3 }.Select(threads =>
        {
            using var open = new OpenDebugger(tiny.Folder, tiny.Study, threads);
            return open.Ask([0, 118, 106, 103, 34, 101, 99, 118], position: 4, interventions: "L0E1N3:set:2");
        })];
        Assert.Equal(read[0].Effect!.Divergence, read[1].Effect!.Divergence);
        Assert.Equal(read[0].Predictions, read[1].Predictions);
        Assert.Equal(read[0].Layers.SelectMany(layer => layer.Memories.Select(memory => (memory.Id, memory.Strength))), read[1].Layers.SelectMany(layer => layer.Memories.Select(memory => (memory.Id, memory.Strength))));
    }

    [Fact]
    public void What_cannot_be_read_is_refused()
    {
        using var tiny = new TinyTrace(PrefixTracerTests.ModelOf("llama"));
        using var open = new OpenDebugger(tiny.Folder, tiny.Study);
        Assert.Throws<ArgumentOutOfRangeException>(() => open.Ask([0, 5], position: 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => open.Ask([0, 5], position: -1));
        Assert.Equal("KH7104", Assert.Throws<InputRefusedException>(() => open.Ask([0, 5, 6], position: 1, interventions: "L0N0:off:2")).Code);
        Assert.Equal("KH3007", Assert.Throws<InputRefusedException>(() => open.Ask([0, 100_000])).Code);
        Assert.Equal("KH3008", Assert.Throws<InputRefusedException>(() => open.Ask(new int[65])).Code);
        DebuggedPrompt strong = open.Ask([0, 5], interventions: [.. Enumerable.Range(0, 60).Select(i => $"L1N{i}:set:1000000")]);
        Assert.True(double.IsFinite(strong.Effect!.Divergence));
    }

    private static long Counted(Breakdown counts, StepKind kind) => kind switch
    {
        StepKind.Residual => counts.Residual,
        StepKind.Ffn => counts.Ffn,
        StepKind.Agreement => counts.Agreement,
        StepKind.Composition => counts.Composition,
        _ => counts.Overruled,
    };
}
