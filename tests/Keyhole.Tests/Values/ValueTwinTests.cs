using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Models;
using Keyhole.Engine.Readouts;
using Keyhole.Memories;
using Keyhole.Mining;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;
using Keyhole.Tests.Mining;
using Keyhole.TestSupport;
using Keyhole.Values;
using Xunit;

namespace Keyhole.Tests.Values;

/// <summary>Values of small models, gated and not, against whole rows of logits in plain double precision.</summary>
public sealed class ValueTwinTests : IDisposable
{
    private const double Tolerance = 1e-5;
    private readonly TinyRun _run = new();

    [Theory]
    [InlineData("llama", Readout.Folded)]
    [InlineData("llama", Readout.Raw)]
    [InlineData("opt", Readout.Folded)]
    [InlineData("opt-350m", Readout.Folded)]
    [InlineData("mixtral", Readout.Folded)]
    [InlineData("gemma2", Readout.Folded)]
    [InlineData("gemma2", Readout.Raw)]
    [InlineData("gptj", Readout.Folded)]
    public void Every_reading_is_the_twins(string kind, Readout readout)
    {
        using Study study = Mine(kind);
        using Model model = Model.Open(study.Provenance.ModelPath);
        var twin = new HeadTwin(model);
        IReadOnlyList<ValueRecord> values = ValueAnalysis.Run(study, model, new ValueOptions { Readout = readout, Top = 7, Threads = 2 }, cancellation: TestContext.Current.CancellationToken);
        values = TriggerPredictions.Add(study, model, values, 2, cancellation: TestContext.Current.CancellationToken);
        int triggered = 0;
        foreach (ValueRecord value in values)
        {
            float[] v = Vector(model, value.Id);
            double[] z = twin.Value(value.Id.Layer, v, readout == Readout.Folded);
            double logSum = Math.Log(z.Sum(Math.Exp));
            Assert.Equal(Math.Sqrt(v.Sum(x => (double)x * x)), value.Norm, 1e-5);
            Assert.Equal(logSum, value.LogSumExp, Tolerance);
            Assert.Equal(Math.Exp(z.Max() - logSum), value.MaxProbability, Tolerance);
            Assert.Equal(7, value.Top.Length);
            Assert.All(value.Top.Zip(z.OrderDescending()), pair => Assert.Equal(pair.Second, z[pair.First.Token], Tolerance));
            Assert.All(value.Bottom.Zip(z.Order()), pair => Assert.Equal(pair.Second, z[pair.First.Token], Tolerance));
            MemoryRecord memory = study.Memory(value.Id)!;
            triggered += RequirePole(study, value.Positive, memory.Positive, value.Argmax, z, 1, logSum);
            Assert.Equal(study.Shape.Gated, value.Negative is not null);
            if (value.Negative is { } negative)
            {
                triggered += RequirePole(study, negative, memory.Negative, value.Argmin, [.. z.Select(logit => -logit)], -1, logSum);
            }
        }

        Assert.True(triggered > 20, $"only {triggered} poles have a trigger");
    }

    [Fact]
    public void They_are_kept_as_they_are()
    {
        using Study study = Mine("llama");
        using Model model = Model.Open(study.Provenance.ModelPath);
        IReadOnlyList<ValueRecord> values = ValueAnalysis.Run(study, model, new ValueOptions { Top = 3 }, cancellation: TestContext.Current.CancellationToken);
        Assert.Null(ValueTable.Read(study));
        Assert.Null(ValueTable.Read(study, values[0].Id));
        using (StudyEditor editor = StudyEditor.Open(study.FilePath))
        {
            ValueTable.Write(editor, new Dictionary<string, string> { ["readout"] = "folded" }, values);
            editor.Commit();
        }

        Assert.Equal(values.Select(Described), ValueTable.Read(study)!.Select(Described));
        Assert.Equal(Described(values[9]), Described(ValueTable.Read(study, values[9].Id)!));
        Assert.Null(ValueTable.Read(study, new NeuronId(7, 7)));
        Assert.Equal("folded", AnalysisSections.Read(study, AnalysisSections.Values)!["readout"]);
    }

    [Fact]
    public void Agreement_does_not_depend_on_the_order_of_memories_but_for_their_pairing()
    {
        using Study study = Mine("llama");
        using Model model = Model.Open(study.Provenance.ModelPath);
        IReadOnlyList<ValueRecord> values = ValueAnalysis.Run(study, model, new ValueOptions(), cancellation: TestContext.Current.CancellationToken);
        AgreementSummary summary = AgreementSummary.Of(values, 260, seed: 3);
        AgreementSummary reversed = AgreementSummary.Of([.. values.Reverse()], 260, seed: 3);
        Assert.Equal(summary.Layers.Select(layer => (layer.Agreement, layer.WithCurrent, layer.TargetRank, layer.Shuffled.Value)), reversed.Layers.Select(layer => (layer.Agreement, layer.WithCurrent, layer.TargetRank, layer.Shuffled.Value)));
        Assert.Equal(summary.Confident.AsEnumerable(), reversed.Confident);
        foreach (LayerAgreement layer in summary.Layers)
        {
            ValueEntry[] entries = [.. values.Where(value => value.Id.Layer == layer.Layer).SelectMany(ValueEntry.Of).Where(entry => entry.Reading.Target >= 0)];
            Assert.Equal(entries.Count(entry => entry.Top == entry.Reading.Target), layer.Agreement.Count);
            Assert.Equal(entries.Length, layer.Agreement.Total);

            // The mean over all pairings, the long way: every value beside every target.
            Assert.Equal(entries.Average(value => entries.Count(key => key.Reading.Target == value.Top) / (double)entries.Length), layer.Shuffled.Value, 1e-12);
        }
    }

    public void Dispose() => _run.Dispose();

    private static int RequirePole(Study study, ValuePole pole, IReadOnlyList<Trigger> triggers, int top, double[] z, double sign, double logSum)
    {
        Trigger[] targeted = [.. triggers.Take(50).Where(trigger => trigger.HasTarget)];
        Assert.Equal((targeted.Length, targeted.Count(trigger => trigger.Target == top)), (pole.PrecisionTriggers, pole.PrecisionHits));
        if (triggers.Count == 0)
        {
            Assert.Equal(ValuePole.None with { PrecisionTriggers = 0 }, pole);
            return 0;
        }

        Trigger first = triggers[0];
        int current = study.Unit(first.Unit).Tokens[first.Position];
        Assert.Equal((first.Target, current, first.Target == top, current == top), (pole.Target, pole.Current, pole.Agrees, pole.AgreesWithCurrent));
        Assert.InRange(pole.TargetRank, z.Count(logit => logit > z[first.Target] + Tolerance), z.Count(logit => logit >= z[first.Target] - Tolerance) - 1);
        Assert.InRange(pole.CurrentRank, z.Count(logit => logit > z[current] + Tolerance), z.Count(logit => logit >= z[current] - Tolerance) - 1);
        Assert.Equal(z.Max(), z[top], Tolerance);
        Assert.Equal(pole.ModelTop == top, pole.AgreesWithModel);
        Assert.InRange(pole.ModelTargetProbability, 0, 1);
        Assert.Equal(Math.Exp((sign * z[first.Target]) - logSum), pole.TargetProbability, Tolerance);   // p stays that of v itself
        return 1;
    }

    private static string Described(ValueRecord value) => $"{value.Id} {value.Norm} {value.MaxProbability} {value.LogSumExp} {string.Join(' ', value.Top)} {string.Join(' ', value.Bottom)} {value.Positive} {value.Negative}";

    private static float[] Vector(Model model, NeuronId id)
    {
        LinearSpec map = model.Spec.Blocks[id.Layer].FeedForward.Experts[Math.Max(0, id.Expert)].Out;
        TensorInfo tensor = model.Checkpoint.Require(map.Weight);
        var weights = new float[tensor.ElementCount];
        model.Checkpoint.ReadFloats(tensor, 0, weights);
        return [.. Enumerable.Range(0, map.Outputs).Select(row => weights[(row * map.Inputs) + id.Index])];
    }

    private Study Mine(string kind)
    {
        TinyModel model = kind switch
        {
            "llama" => TinyModel.Llama(),
            "opt" => TinyModel.Opt(),
            "mixtral" => TinyModel.Mixtral(),
            "gemma2" => TinyModel.Gemma2(),
            "gptj" => TinyModel.GptJ(),
            _ => TinyModel.Opt(embeddingWidth: 10, normBefore: false),
        };
        return TinyRun.Mine(_run.Options(_run.Model(model), _run.Corpus(TinyRun.Lines)));
    }
}
