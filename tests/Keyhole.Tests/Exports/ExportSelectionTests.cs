using System.IO.Compression;
using System.Text.Json;
using Keyhole.Engine;
using Keyhole.Exports;
using Keyhole.Memories;
using Keyhole.Studies;
using Keyhole.Tests.Mining;
using Keyhole.Tests.Studies;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Tests.Exports;

/// <summary>An export of some memories is the full export without the others.</summary>
public sealed class ExportSelectionTests : IDisposable
{
    private static readonly ExportSelection Some = new() { Neurons = new HashSet<NeuronId> { new(1, 7), new(0, 3), new(1, 2), new(1, 39) }, Layers = [1] };

    private readonly TinyRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void Every_format_is_filtered()
    {
        string model = _run.Model(TinyModel.Llama());
        using Study study = TinyRun.Mine(_run.Options(model, _run.Corpus(TinyRun.Lines)));
        foreach (string format in StudyExport.Formats)
        {
            StudyExport.Write(format, study, Path.Combine(_run.Folder, "all", format), new ExportOptions());
            IReadOnlyList<string> files = StudyExport.Write(format, study, Path.Combine(_run.Folder, "some", format), new ExportOptions { Selection = Some });
            Assert.All(files, file => Assert.True(File.Exists(Path.Combine(_run.Folder, "all", format, file)), file));
        }

        Assert.Equal(Lines("all/jsonl/neurons.jsonl").Where(line => IsSelected(line, "layer", "index")), Lines("some/jsonl/neurons.jsonl"));
        Assert.Equal(6, Lines("some/jsonl/neurons.jsonl").Length);
        Assert.Equal(Lines("all/jsonl/units.jsonl"), Lines("some/jsonl/units.jsonl"));
        foreach (string table in (string[])["triggers.csv", "statistics.csv"])
        {
            Assert.Equal(Lines("all/csv/" + table).Where((line, i) => i == 0 || line.Split(',') is var row && Some.Contains(new NeuronId(int.Parse(row[0]), int.Parse(row[2])))), Lines("some/csv/" + table));
        }

        Assert.Equal(["2_1.txt", "39_1.txt", "7_1.txt"], Directory.GetFiles(At("some/ff-layers/trigger_examples")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(File.ReadAllBytes(At("all/ff-layers/trigger_examples/7_1.txt")), File.ReadAllBytes(At("some/ff-layers/trigger_examples/7_1.txt")));
        JsonElement full = JsonDocument.Parse(Lines("all/ff-layers/trigger_examples.jsonl")[7]).RootElement.GetProperty("top_values");
        JsonElement part = JsonDocument.Parse(Lines("some/ff-layers/trigger_examples.jsonl")[1]).RootElement.GetProperty("top_values");
        Assert.Equal((0, full[1].GetRawText()), (part[0].GetArrayLength(), part[1].GetRawText()));
        foreach (string file in (string[])["features", "activations"])
        {
            string path = $"neuronpedia/model/1/{file}/batch-0.jsonl.gz";
            Assert.Equal(Lines("all/" + path).Where(line => IsSelected(line, "layer", "index")), Lines("some/" + path));
        }

        Assert.False(Directory.Exists(At("some/neuronpedia/model/0")));
        Assert.Equal(["2.json", "39.json", "7.json"], Directory.GetFiles(At("some/openai/1")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(File.ReadAllBytes(At("all/openai/1/39.json")), File.ReadAllBytes(At("some/openai/1/39.json")));
        Assert.Equal(new FileInfo(At("all/safetensors/study.safetensors")).Length, new FileInfo(At("some/safetensors/study.safetensors")).Length);
    }

    [Fact]
    public void Records_of_an_analysis_are_filtered_and_its_figures_are_not()
    {
        using SampleStudy sample = new();
        using Study study = AnalysedStudy.Plain(sample);
        ExportOptions options = new() { Selection = new ExportSelection { Neurons = new HashSet<NeuronId> { new(2, 1) } } };
        JsonlExport.Write(study, sample.PathOf("all"));
        JsonlExport.Write(study, sample.PathOf("some"), options);
        CsvExport.Write(study, sample.PathOf("some"), options);
        Assert.Equal(File.ReadAllLines(sample.PathOf("all/mutations.jsonl"))[1..], File.ReadAllLines(sample.PathOf("some/mutations.jsonl")));
        Assert.Equal(2, File.ReadAllLines(sample.PathOf("some/mutations.csv")).Length);
        Assert.Equal(2, File.ReadAllLines(sample.PathOf("some/values.csv")).Length);
        foreach (string whole in (string[])["analysis.json", "prefixes.jsonl", "prompts.jsonl", "reach.jsonl"])
        {
            Assert.Equal(File.ReadAllBytes(sample.PathOf("all/" + whole)), File.ReadAllBytes(sample.PathOf("some/" + whole)));
        }
    }

    [Fact]
    public void What_the_study_does_not_have_is_refused_before_anything_is_written()
    {
        using SampleStudy sample = new();
        using Study study = SmallStudies.Plain(sample);
        ExportSelection[] wrong =
        [
            new() { Neurons = new HashSet<NeuronId> { new(0, 0), new(1, 5) } },
            new() { Layers = [0, 3] },
            new() { Neurons = new HashSet<NeuronId> { new(0, 0) }, Layers = [2] },
        ];
        foreach (ExportSelection selection in wrong)
        {
            Assert.Equal("KH5133", Assert.Throws<InputRefusedException>(() => JsonlExport.Write(study, sample.PathOf("out"), new ExportOptions { Selection = selection })).Code);
            Assert.False(Directory.Exists(sample.PathOf("out")));
        }
    }

    private string At(string path) => Path.Combine(_run.Folder, path);

    private string[] Lines(string path)
    {
        using Stream file = File.OpenRead(At(path));
        using StreamReader reader = new(path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file);
        return reader.ReadToEnd().TrimEnd('\n').Split('\n');
    }

    private static bool IsSelected(string line, string layer, string index)
    {
        JsonElement row = JsonDocument.Parse(line).RootElement;
        return Some.Contains(new NeuronId(int.Parse(row.GetProperty(layer).ToString()), int.Parse(row.GetProperty(index).ToString())));
    }
}
