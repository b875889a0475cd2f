using System.Globalization;
using Keyhole.Analyses;
using Keyhole.Engine;
using Keyhole.Engine.Models;
using Keyhole.Memories;
using Keyhole.ReadWrite;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;
using Keyhole.TestSupport;
using Keyhole.Tests.Memories;
using Keyhole.Tests.Mining;
using Xunit;

namespace Keyhole.Tests.ReadWrite;

public sealed class ReadWriteAnalysisTests
{
    private const int Width = 24;
    private const int Memories = 40;
    private const string Block = "model.layers.1.";

    [Fact]
    public void Weights_made_by_hand_have_the_classes_that_they_were_made_for()
    {
        // In the residual's space, with the norm's gain folded into keys, memory i of layer 1 reads and writes along axes: (gate, linear, out).
        (int Gate, int In, int Out, double Sign)[] plan = [(0, 0, 0, 1), (1, 0, 0, 1), (0, 0, 0, -1), (1, 0, 0, -1), (0, 1, 0, 1), (0, 1, 2, 1)];
        TinyModel tiny = TinyModel.Llama();
        float[] gain = tiny.Tensors[Block + "post_attention_layernorm.weight"].Values;
        float[] gates = tiny.Tensors[Block + "mlp.gate_proj.weight"].Values;
        float[] keys = tiny.Tensors[Block + "mlp.up_proj.weight"].Values;
        float[] values = tiny.Tensors[Block + "mlp.down_proj.weight"].Values;
        for (int i = 0; i < plan.Length; i++)
        {
            for (int d = 0; d < Width; d++)
            {
                // Axis a is the vector of ones on coordinates a, a + 3, a + 6, ...: a gain that is not even would turn it if it were left out.
                gates[(i * Width) + d] = d % 3 == plan[i].Gate ? 1 / gain[d] : 0;
                keys[(i * Width) + d] = d % 3 == plan[i].In ? 1 / gain[d] : 0;
                values[(d * Memories) + i] = d % 3 == plan[i].Out ? (float)plan[i].Sign : 0;
            }
        }

        for (int d = 0; d < Width; d++)
        {
            values[(d * Memories) + 6] = 0;   // a memory that writes nothing
        }

        using var folder = new TemporaryFolder();
        using Model model = Model.Open(tiny.Write(folder.File("hand")));
        IReadOnlyList<ReadWriteRecord> records = ReadWriteAnalysis.Run(model, [1], threads: 2, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(0, Memories).Select(i => new NeuronId(1, i)), records.Select(record => record.Id));
        Assert.Equal(
            [ReadWriteClass.Enrichment, ReadWriteClass.ConditionalEnrichment, ReadWriteClass.Depletion, ReadWriteClass.ConditionalDepletion, ReadWriteClass.ProportionalChange, ReadWriteClass.OrthogonalOutput, null],
            records.Take(7).Select(record => record.Class));
        Assert.DoesNotContain(records.Take(7), record => record.IsAtypical);
        Assert.Equal((1, 1, 1), (Math.Round(records[0].InOut, 6), Math.Round(records[0].GateOut!.Value, 6), Math.Round(records[0].GateIn!.Value, 6)));
        Assert.Equal((-1, 0, 0), (Math.Round(records[3].InOut, 6), Math.Round(records[3].GateOut!.Value, 6), Math.Round(records[3].GateIn!.Value, 6)));
    }

    [Theory]
    [InlineData("opt", "model.decoder.layers.{0}.fc1.weight", null, "model.decoder.layers.{0}.fc2.weight", "model.decoder.layers.{0}.final_layer_norm.weight", true, null)]
    [InlineData("llama", "model.layers.{0}.mlp.up_proj.weight", "model.layers.{0}.mlp.gate_proj.weight", "model.layers.{0}.mlp.down_proj.weight", "model.layers.{0}.post_attention_layernorm.weight", false, null)]
    [InlineData("gemma2", "model.layers.{0}.mlp.up_proj.weight", "model.layers.{0}.mlp.gate_proj.weight", "model.layers.{0}.mlp.down_proj.weight", "model.layers.{0}.pre_feedforward_layernorm.weight", false, "model.layers.{0}.post_feedforward_layernorm.weight")]
    public void Cosines_are_those_of_the_tensors_in_double(string family, string keys, string? gates, string values, string norm, bool centred, string? outputNorm)
    {
        using var folder = new TemporaryFolder();
        TinyModel tiny = CoefficientTraceTests.Of(family);
        using Model model = Model.Open(tiny.Write(folder.File(family)));
        int[] layers = [.. Enumerable.Range(0, model.Spec.LayerCount)];
        double offset = family == "gemma2" ? 1 : 0;
        IReadOnlyList<ReadWriteRecord> records = ReadWriteAnalysis.Run(model, layers, threads: 3, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(layers.SelectMany(model.Spec.NamesOf), records.Select(record => record.Id));
        Assert.Equal(model.Spec.Width - (centred ? 1 : 0), ReadWriteAnalysis.Dimension(model.Spec, 0));
        double[] Tensor(string name, int layer) => [.. tiny.Tensors[string.Format(CultureInfo.InvariantCulture, name, layer)].Values.Select(value => (double)value)];
        foreach (ReadWriteRecord record in records)
        {
            int width = model.Spec.Width;
            (int layer, int i) = (record.Id.Layer, record.Id.Index);
            double[] gain = Tensor(norm, layer);
            double[] Key(string name) => Centred([.. Tensor(name, layer).AsSpan(i * width, width).ToArray().Select((value, d) => value * (gain[d] + offset))], centred);
            double[] matrix = Tensor(values, layer);
            double[] value = [.. Enumerable.Range(0, width).Select(d => matrix[(d * (matrix.Length / width)) + i] * (outputNorm is null ? 1 : Tensor(outputNorm, layer)[d] + offset))];
            value = Centred(value, centred);
            Assert.Equal(Cosine(Key(keys), value), record.InOut, 1e-6);
            Assert.Equal(gates is null, record.GateOut is null);
            if (gates is not null)
            {
                Assert.Equal(Cosine(Key(gates), value), record.GateOut!.Value, 1e-6);
                Assert.Equal(Cosine(Key(gates), Key(keys)), record.GateIn!.Value, 1e-6);
            }
        }
    }

    [Fact]
    public void Experts_are_named_and_threads_change_nothing()
    {
        using var folder = new TemporaryFolder();
        using Model model = Model.Open(TinyModel.Mixtral().Write(folder.File("mixtral")));
        IReadOnlyList<ReadWriteRecord> records = ReadWriteAnalysis.Run(model, [0, 1], threads: 1, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(2 * 4 * 40, records.Count);
        Assert.Equal(new NeuronId(0, 3, Expert: 2), records[(2 * 40) + 3].Id);
        Assert.Equal(records, ReadWriteAnalysis.Run(model, [0, 1], threads: 4, cancellation: TestContext.Current.CancellationToken));
        Assert.InRange(ReadWriteSummary.Of(records, model.Spec.Width).Layers[0].BeyondChance.Value, 0, 0.12);   // random weights: 5%
    }

    [Fact]
    public void A_study_keeps_the_records_of_its_memories_as_they_are()
    {
        using var run = new TinyRun();
        string path = Path.Combine(run.Folder, "a.study");
        string model = run.Model(TinyModel.Llama(), "model");
        TinyRun.Mine(run.Options(model, run.Corpus(TinyRun.Lines)) with { Output = path }).Dispose();
        var options = new AnalysisOptions { Study = path, Only = new HashSet<AnalysisSection> { AnalysisSection.ReadWrite }, Threads = 2 };
        Analyzer.Run(options);
        using (Model opened = Model.Open(model))
        using (Study study = Study.Open(path))
        {
            IReadOnlyList<ReadWriteRecord> records = ReadWriteAnalysis.Run(opened, [0, 1], threads: 1, cancellation: TestContext.Current.CancellationToken);
            Assert.Equal(records, ReadWriteTable.Read(study));
            Assert.Equal(records[50], ReadWriteTable.Read(study, records[50].Id));
            Assert.Null(ReadWriteTable.Read(study, new NeuronId(5, 5)));
            Assert.Equal(("24", "0.5"), (AnalysisSections.Read(study, AnalysisSections.ReadWrite)!["dimension"], AnalysisSections.Read(study, AnalysisSections.ReadWrite)!["threshold"]));
            Assert.Equal(2, StudyAnalysis.Read(study).ReadWriteClasses!.Layers.Length);
        }

        Analyzer.Run(options with { Neurons = new HashSet<NeuronId> { new(1, 7) } });
        using (Study study = Study.Open(path))
        {
            Assert.Equal([new NeuronId(1, 7)], ReadWriteTable.Read(study)!.Select(record => record.Id));
        }
    }

    [Theory]
    [InlineData("UPDATE read_write SET in_out = 1.5 WHERE neuron = 7")]
    [InlineData("UPDATE analysis SET options = '{}' WHERE section = 'read-write'")]
    public void Damage_is_refused(string damage)
    {
        using var run = new TinyRun();
        string path = Path.Combine(run.Folder, "a.study");
        TinyRun.Mine(run.Options(run.Model(TinyModel.Llama(), "model"), run.Corpus(TinyRun.Lines)) with { Output = path }).Dispose();
        Analyzer.Run(new AnalysisOptions { Study = path, Only = new HashSet<AnalysisSection> { AnalysisSection.ReadWrite }, Threads = 2 });
        using (StudyEditor editor = StudyEditor.Open(path))
        {
            editor.Execute(damage);
            editor.Commit();
        }

        using Study study = Study.Open(path);
        Assert.Equal("KH5105", Assert.Throws<InputRefusedException>(() => StudyAnalysis.Read(study).ReadWriteClasses).Code);
    }

    private static double[] Centred(double[] vector, bool centred)
    {
        double mean = centred ? vector.Average() : 0;
        return [.. vector.Select(value => value - mean)];
    }

    private static double Cosine(double[] a, double[] b)
        => a.Zip(b, (x, y) => x * y).Sum() / Math.Sqrt(a.Sum(x => x * x) * b.Sum(x => x * x));
}
