using System.IO.Compression;
using System.Text.Json;
using Keyhole.Engine;
using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Exports;
using Keyhole.Memories;
using Keyhole.Studies;
using Keyhole.Tests.Mining;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Tests.Exports;

/// <summary>Formats that run whole texts again: what they write is what a forward pass over each text alone gives.</summary>
public sealed class WholeTextExportTests : IDisposable
{
    private readonly TinyRun _run = new();

    public void Dispose() => _run.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void OpenAi_records_hold_real_activations(bool gated)
    {
        string model = _run.Model(gated ? TinyModel.Llama() : TinyModel.Opt());
        using Study study = TinyRun.Mine(_run.Options(model, _run.Corpus(TinyRun.Lines)));
        string folder = Path.Combine(_run.Folder, "openai");
        IReadOnlyList<string> files = OpenAiExport.Write(study, folder, new ExportOptions { Threads = 2 });
        Assert.Equal(80, files.Count);
        Assert.Equal("0/0.json", files[0]);
        Activations activations = new(study, model);
        foreach (MemoryRecord memory in study.Memories())
        {
            JsonElement record = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, $"{memory.Id.Layer}/{memory.Id.Index}.json"))).RootElement;
            Assert.Equal("NeuronRecord", record.GetProperty("dataclass_name").GetString());
            Assert.Equal(memory.Id, new NeuronId(record.GetProperty("neuron_id").GetProperty("layer_index").GetInt32(), record.GetProperty("neuron_id").GetProperty("neuron_index").GetInt32()));
            Assert.Equal(memory.Statistics.Mean, record.GetProperty("mean").GetDouble());
            Assert.Equal(memory.Statistics.ExcessKurtosis + 3, record.GetProperty("kurtosis").GetDouble());
            JsonElement[] top = [.. record.GetProperty("most_positive_activation_records").EnumerateArray()];
            Trigger[] triggers = [.. memory.Positive];   // one a unit by the rule of mining
            Assert.Equal(triggers.Length, top.Length);
            for (int i = 0; i < top.Length; i++)
            {
                StudyUnit unit = study.Unit(triggers[i].Unit);
                Assert.Equal("<s>" + unit.Text, string.Concat(top[i].GetProperty("tokens").EnumerateArray().Select(token => token.GetString())));
                float[] values = Floats(top[i].GetProperty("activations"));
                Assert.Equal(activations.Of(triggers[i].Unit, memory.Id), values);
                Assert.Equal(triggers[i].Coefficient, values[triggers[i].Position]);
            }

            JsonElement[][] quantiles = [.. record.GetProperty("random_sample_by_quantile").EnumerateArray().Select(texts => texts.EnumerateArray().ToArray())];
            double[] boundaries = [.. record.GetProperty("quantile_boundaries").EnumerateArray().Select(value => value.GetDouble())];
            Assert.Equal((10, 5, 4), (record.GetProperty("random_sample").GetArrayLength(), quantiles.Length, boundaries.Length));
            Assert.Equal(boundaries.Order(), boundaries);
            double[] largest = [.. Enumerable.Range(0, (int)study.UnitCount).Select(unit => activations.Of(unit, memory.Id)).Select(Largest).Order()];
            double at = 0.9 * (largest.Length - 1);   // every unit is drawn: there are fewer than 1,000
            Assert.Equal(largest[(int)at] + ((at - (int)at) * (largest[(int)at + 1] - largest[(int)at])), boundaries[1], 1e-6);
            for (int bin = 0; bin < quantiles.Length; bin++)
            {
                Assert.InRange(quantiles[bin].Length, 0, 5);
                foreach (double value in quantiles[bin].Select(text => Largest(Floats(text.GetProperty("activations")))))
                {
                    Assert.True(bin == 0 || value >= boundaries[bin - 1]);
                    Assert.True(bin == boundaries.Length || value < boundaries[bin]);
                }
            }
        }
    }

    [Fact]
    public void Neuronpedia_rows_hold_real_activations()
    {
        string model = _run.Model(TinyModel.Llama(), "Tiny model.v1");
        using Study study = TinyRun.Mine(_run.Options(model, _run.Corpus(TinyRun.Lines)));
        string folder = Path.Combine(_run.Folder, "np");
        IReadOnlyList<string> files = NeuronpediaExport.Write(study, folder, new ExportOptions { Threads = 2 });
        Assert.Equal(
        [
            "tiny-model-v1/0/release.jsonl", "tiny-model-v1/0/model.jsonl", "tiny-model-v1/0/sourceset.jsonl", "tiny-model-v1/0/source.jsonl",
            "tiny-model-v1/0/features/batch-0.jsonl.gz", "tiny-model-v1/0/activations/batch-0.jsonl.gz",
        ], files.Take(6));
        JsonElement metadata = Assert.Single(Lines(Path.Combine(folder, "tiny-model-v1/1/source.jsonl")));
        Assert.Equal(("1", "tiny-model-v1", "neurons"), (metadata.GetProperty("id").GetString(), metadata.GetProperty("modelId").GetString(), metadata.GetProperty("setName").GetString()));
        Activations activations = new(study, model);
        HashSet<string> ids = [];
        for (int layer = 0; layer < 2; layer++)
        {
            JsonElement[] features = Lines(Path.Combine(folder, $"tiny-model-v1/{layer}/features/batch-0.jsonl.gz"));
            Assert.Equal(Enumerable.Range(0, 40).Select(index => $"{index}"), features.Select(feature => feature.GetProperty("index").GetString()));
            foreach (JsonElement feature in features)
            {
                NeuronStatistics statistics = study.Memory(new NeuronId(layer, int.Parse(feature.GetProperty("index").GetString()!)))!.Statistics;
                Assert.Equal($"{layer}", feature.GetProperty("layer").GetString());
                Assert.Equal(statistics.SharePositive, feature.GetProperty("frac_nonzero").GetDouble());
                Assert.Equal(feature.GetProperty("freq_hist_data_bar_values").GetArrayLength(), feature.GetProperty("freq_hist_data_bar_heights").GetArrayLength());
                Assert.Equal($"blocks.{layer}.mlp.hook_post", feature.GetProperty("hookName").GetString());
                Assert.Equal(0, feature.GetProperty("vector").GetArrayLength());
            }

            int rows = 0;
            foreach (JsonElement row in Lines(Path.Combine(folder, $"tiny-model-v1/{layer}/activations/batch-0.jsonl.gz")))
            {
                NeuronId id = new(layer, int.Parse(row.GetProperty("index").GetString()!));
                int unit = int.Parse(row.GetProperty("dataIndex").GetString()!);
                Trigger trigger = study.Memory(id)!.Positive.Single(trigger => trigger.Unit == unit);
                double[] values = [.. row.GetProperty("values").EnumerateArray().Select(value => value.GetDouble())];
                float[] real = activations.Of(unit, id);
                Assert.Equal(real.Select(value => Math.Round((double)value, 4)), values);
                Assert.Equal(real.Length, row.GetProperty("tokens").GetArrayLength());
                Assert.Equal(values.Max(), row.GetProperty("maxValue").GetDouble());
                Assert.Equal(values.Min(), row.GetProperty("minValue").GetDouble());
                Assert.Equal(Array.IndexOf(real, real.Max()), row.GetProperty("maxValueTokenIndex").GetInt32());
                Assert.Equal(trigger.Position, row.GetProperty("qualifyingTokenIndex").GetInt32());
                Assert.Equal((-1, -1), (row.GetProperty("binMin").GetInt32(), row.GetProperty("binContains").GetInt32()));
                Assert.Equal(25, row.GetProperty("id").GetString()!.Length);
                Assert.True(ids.Add(row.GetProperty("id").GetString()!));
                rows++;
            }

            Assert.Equal(study.Memories().Where(memory => memory.Id.Layer == layer).Sum(memory => memory.Positive.Length), rows);
        }
    }

    [Theory]
    [InlineData("neuronpedia")]
    [InlineData("openai")]
    public void The_bytes_do_not_depend_on_threads_or_on_where_the_model_is(string format)
    {
        string model = _run.Model(TinyModel.Opt());
        using Study study = TinyRun.Mine(_run.Options(model, _run.Corpus(TinyRun.Lines)));
        string one = Path.Combine(_run.Folder, "one");
        string two = Path.Combine(_run.Folder, "two");
        IReadOnlyList<string> files = StudyExport.Write(format, study, one, new ExportOptions { Threads = 1 });
        string moved = Path.Combine(_run.Folder, "moved");
        Directory.Move(model, moved);
        InputRefusedException missing = Assert.Throws<InputRefusedException>(() => StudyExport.Write(format, study, two, new ExportOptions()));
        Assert.Contains("--model", missing.Message, StringComparison.Ordinal);
        Assert.Equal(files, StudyExport.Write(format, study, two, new ExportOptions { Threads = 3, Model = moved }));
        Assert.All(files, file => Assert.Equal(File.ReadAllBytes(Path.Combine(one, file)), File.ReadAllBytes(Path.Combine(two, file))));
        Assert.Equal(files.Count, Directory.GetFiles(two, "*", SearchOption.AllDirectories).Length);
    }

    [Theory]
    [InlineData("neuronpedia")]
    [InlineData("openai")]
    public void Another_model_is_refused_and_nothing_is_left(string format)
    {
        string model = _run.Model(TinyModel.Opt());
        string other = _run.Model(TinyModel.Opt(seed: 77), "other");
        using Study study = TinyRun.Mine(_run.Options(model, _run.Corpus(TinyRun.Lines)));
        string folder = Path.Combine(_run.Folder, "refused");
        Assert.Throws<InputRefusedException>(() => StudyExport.Write(format, study, folder, new ExportOptions { Model = other }));
        Assert.True(!Directory.Exists(folder) || Directory.GetFileSystemEntries(folder).Length == 0);
    }

    [Theory]
    [InlineData("neuronpedia")]
    [InlineData("openai")]
    public void A_stop_in_the_middle_leaves_nothing(string format)
    {
        string model = _run.Model(TinyModel.Opt());
        using Study study = TinyRun.Mine(_run.Options(model, _run.Corpus(TinyRun.Lines)));
        string folder = Path.Combine(_run.Folder, "stopped");
        using CancellationTokenSource stop = new();
        StopWhenWriting progress = new(stop);
        Assert.Throws<OperationCanceledException>(() => StudyExport.Write(format, study, folder, new ExportOptions { Progress = progress }, stop.Token));
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    private static double Largest(float[] values) => values.Length == 1 ? values[0] : values.Skip(1).Max();

    private static float[] Floats(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetSingle())];

    private static JsonElement[] Lines(string path)
    {
        using Stream file = File.OpenRead(path);
        using StreamReader reader = new(path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file);
        return [.. reader.ReadToEnd().TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement)];
    }

    private sealed class StopWhenWriting(CancellationTokenSource stop) : IProgress<ExportProgress>
    {
        public void Report(ExportProgress value)
        {
            if (value.Phase == "writing" && value.Share > 0.85)
            {
                stop.Cancel();
            }
        }
    }

    // The coefficients of every unit, each run alone.
    private sealed class Activations
    {
        private readonly float[][][] _values;
        private readonly int _memories;

        public Activations(Study study, string path)
        {
            using Model model = Model.Open(path);
            using ForwardPass pass = new(model, new ForwardOptions { Threads = 1 });
            _memories = study.Shape.Widths[0];
            _values = [.. study.Units().Select(unit =>
            {
                SiteCapture capture = new(model.Spec, unit.Tokens.Length, ["mlp.hook_post"]);
                pass.Run(TokenBatch.OfText([.. unit.Tokens]), capture);
                return Enumerable.Range(0, model.Spec.LayerCount).Select(layer => capture.Values(Site.MlpPost, layer)).ToArray();
            })];
        }

        public float[] Of(int unit, NeuronId id) => [.. _values[unit][id.Layer].Chunk(_memories).Select(row => row[id.Index])];
    }
}
