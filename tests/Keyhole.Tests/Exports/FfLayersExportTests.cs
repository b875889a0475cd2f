using System.Text.Json;
using Keyhole.Engine;
using Keyhole.Exports;
using Keyhole.Memories;
using Keyhole.Studies;
using Keyhole.Tests.Studies;
using Xunit;

namespace Keyhole.Tests.Exports;

public sealed class FfLayersExportTests : IDisposable
{
    private readonly SampleStudy _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void Lines_are_by_dimension_and_hold_every_layer()
    {
        using Study study = SmallStudies.Plain(_sample);
        IReadOnlyList<string> files = FfLayersExport.Write(study, _sample.Folder, new ExportOptions());
        Assert.Equal(["trigger_examples.jsonl", "trigger_examples/0_0.txt", "trigger_examples/1_2.txt"], files);
        string[] lines = File.ReadAllText(_sample.PathOf("trigger_examples.jsonl")).TrimEnd('\n').Split('\n');
        Assert.Equal(8, lines.Length);   // as many as the widest layer has memories
        JsonElement first = JsonDocument.Parse(lines[0]).RootElement;
        Assert.Equal(0, first.GetProperty("dim").GetInt32());
        JsonElement layers = first.GetProperty("top_values");
        Assert.Equal(3, layers.GetArrayLength());
        Assert.Equal(3, layers[0].GetArrayLength());
        Assert.Equal("""{"rank":0,"layer_index":0,"token_indice":2,"fc1_value":1.5,"text":"\u0022Die \uD83D\uDE42\tStra\u00DFe\n \u6771\u4EAC"}""", JsonSerializer.Serialize(layers[0][0]));
        Assert.Equal((2, 1), (layers[0][2].GetProperty("rank").GetInt32(), layers[0][1].GetProperty("token_indice").GetInt32()));
        Assert.Equal(0, layers[1].GetArrayLength());
        Assert.Equal("""{"dim":1,"top_values":[[],[],[]]}""", lines[1]);
    }

    [Fact]
    public void Text_files_star_the_word_after_the_prefix()
    {
        using Study study = SmallStudies.Plain(_sample);
        FfLayersExport.Write(study, _sample.Folder, new ExportOptions());

        // Start tokens are left out, white space in a token goes, and a prefix that ends its text is starred at its own last word.
        Assert.Equal("1.5\t\"Die 🙂 *Straße*\n0.1\tThe *cat*\n1E-10\t\"Die 🙂 Straße *東京*\n", File.ReadAllText(_sample.PathOf("trigger_examples/0_0.txt")));
        Assert.Equal(string.Empty, File.ReadAllText(_sample.PathOf("trigger_examples/1_2.txt")));
    }

    [Fact]
    public void A_text_without_a_start_token_is_counted_as_if_it_had_one()
    {
        string path = _sample.PathOf("bare.db");
        using (StudyWriter writer = StudyWriter.Create(path, overwrite: false))
        {
            writer.WriteProvenance(SampleStudy.Provenance());
            writer.WriteFiles([new StudyFile(0, "a.txt", 1, "")]);
            writer.AppendUnit(SampleStudy.Unit(0, "a", " b c", " d"));
            writer.WriteTokenPieces([]);
            writer.WriteMemory(new NeuronId(0, 0), SampleStudy.Statistics(1), [new Trigger(2, float.NaN, 0, 1, 3)], []);
            writer.Complete();
        }

        using Study study = Study.Open(path);
        FfLayersExport.Write(study, _sample.Folder, new ExportOptions());
        Assert.Equal("2\ta b␣c *d*\n", File.ReadAllText(_sample.PathOf("trigger_examples/0_0.txt")));
        Assert.Contains("\"token_indice\":2,", File.ReadAllText(_sample.PathOf("trigger_examples.jsonl")), StringComparison.Ordinal);
    }

    [Fact]
    public void Experts_have_no_place_in_it()
    {
        string path = _sample.PathOf("experts.db");
        using (StudyWriter writer = StudyWriter.Create(path, overwrite: false))
        {
            writer.WriteProvenance(SampleStudy.Provenance(gated: true, experts: 2));
            writer.WriteFiles([]);
            writer.WriteTokenPieces([]);
            writer.Complete();
        }

        using Study study = Study.Open(path);
        foreach (string format in (string[])["ff-layers", "neuronpedia", "openai"])
        {
            Assert.Equal("KH5134", Assert.Throws<InputRefusedException>(() => StudyExport.Write(format, study, _sample.PathOf(format), new ExportOptions())).Code);
            Assert.False(Directory.Exists(_sample.PathOf(format)));
        }
    }
}
