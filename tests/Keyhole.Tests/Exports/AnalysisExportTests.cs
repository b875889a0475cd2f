using System.Text.Json;
using Keyhole.Exports;
using Keyhole.Studies;
using Keyhole.Tests.Studies;
using Xunit;

namespace Keyhole.Tests.Exports;

public sealed class AnalysisExportTests : IDisposable
{
    private readonly SampleStudy _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void A_value_stands_in_the_line_of_its_memory()
    {
        using Study study = AnalysedStudy.Plain(_sample);
        string[] lines = Lines(study, "neurons.jsonl");
        JsonElement value = JsonDocument.Parse(lines[0]).RootElement.GetProperty("value");
        Assert.Equal(["readout", "argmax", "argmin", "maxProbability", "norm", "top", "bottom", "targetRank", "targetProbability", "agrees", "agreesWithCurrent", "precisionAt50"],
            value.EnumerateObject().Select(member => member.Name));
        Assert.Equal("folded", value.GetProperty("readout").GetString());
        Assert.Equal((4, 9), (value.GetProperty("argmax").GetInt32(), value.GetProperty("argmin").GetInt32()));
        Assert.Equal("""[{"id":4,"token":"<4>","logit":2.25},{"id":3,"token":"<3>","logit":0.1}]""", value.GetProperty("top").GetRawText());
        Assert.Equal(0.5, value.GetProperty("precisionAt50").GetDouble());
        Assert.True(value.GetProperty("agrees").GetBoolean());
        JsonElement dead = JsonDocument.Parse(lines[1]).RootElement.GetProperty("value");
        foreach (string name in (string[])["targetRank", "targetProbability", "agrees", "agreesWithCurrent", "precisionAt50"])
        {
            Assert.Equal(JsonValueKind.Null, dead.GetProperty(name).ValueKind);
        }
    }

    [Fact]
    public void Each_pole_has_readings_of_its_own()
    {
        using Study study = AnalysedStudy.Gated(_sample);
        JsonElement[] values = [.. Lines(study, "neurons.jsonl").Select(line => JsonDocument.Parse(line).RootElement.GetProperty("value"))];
        Assert.All(values, value => Assert.Equal("raw", value.GetProperty("readout").GetString()));
        Assert.Equal(0.25, values[0].GetProperty("targetProbability").GetDouble());
        Assert.Equal(0.0625, values[1].GetProperty("targetProbability").GetDouble());
        Assert.Equal(JsonValueKind.Null, values[3].GetProperty("targetProbability").ValueKind);
    }

    [Fact]
    public void Prefixes_have_a_line_a_layer_and_one_for_the_output()
    {
        using Study study = AnalysedStudy.Plain(_sample);
        string[] lines = Lines(study, "prefixes.jsonl");
        Assert.Equal(8, lines.Length);
        Assert.Equal("""{"unit":1,"position":2,"layer":0,"topR":1,"topY":3,"topO":2,"activeShare":0.25,"zeroAgreement":true,"targetRank":6,"finalRank":2.5,"finalProbability":0.375}""", lines[0]);
        Assert.Equal("""{"unit":1,"position":2,"layer":3,"topR":4,"topY":null,"topO":null,"activeShare":null,"zeroAgreement":null,"targetRank":0,"finalRank":0,"finalProbability":0.5}""", lines[3]);
        Assert.Equal("""{"unit":0,"position":2,"layer":3,"topR":7,"topY":null,"topO":null,"activeShare":null,"zeroAgreement":null,"targetRank":null,"finalRank":0,"finalProbability":0.25}""", lines[7]);
    }

    [Fact]
    public void Mutations_and_reach_are_written_as_they_are()
    {
        using Study study = AnalysedStudy.Plain(_sample);
        Assert.Equal(
        [
            """{"layer":0,"index":0,"pole":"positive","unit":1,"position":2,"random":1,"coefficient":1.5,"first":0.75,"last":0,"randomDropped":0.25}""",
            """{"layer":2,"index":1,"pole":"positive","unit":0,"position":2,"random":2,"coefficient":2,"first":1,"last":3,"randomDropped":-1}""",
        ], Lines(study, "mutations.jsonl"));
        Assert.Equal(["""{"layer":2,"index":1,"pole":"positive","unit":0,"position":2,"distance":1,"coefficient":2,"dropped":0.1}"""], Lines(study, "reach.jsonl"));
    }

    [Fact]
    public void Prompts_keep_hostile_text()
    {
        using Study study = AnalysedStudy.Plain(_sample);
        string[] lines = Lines(study, "prompts.jsonl");
        Assert.Equal(4, lines.Length);
        JsonElement last = JsonDocument.Parse(lines[3]).RootElement;
        Assert.Equal(AnalysedStudy.Prompt.Prompt, last.GetProperty("prompt").GetString());
        Assert.Equal(AnalysedStudy.Prompt.Set, last.GetProperty("set").GetString());
        Assert.Equal(3, last.GetProperty("layer").GetInt32());
        Assert.Equal(7, last.GetProperty("answerRank").GetDouble());
        Assert.Equal(JsonValueKind.Null, last.GetProperty("subject").ValueKind);
        Assert.Equal(JsonValueKind.Null, last.GetProperty("competitorRank").ValueKind);
        Assert.True(last.GetProperty("right").GetBoolean());
    }

    [Fact]
    public void The_document_has_the_figures_of_every_layer()
    {
        using Study study = AnalysedStudy.Plain(_sample);
        JsonElement document = JsonDocument.Parse(Text(study, "analysis.json")).RootElement;
        Assert.Equal(1, document.GetProperty("schemaVersion").GetInt32());
        Assert.Equal("3", document.GetProperty("options").GetProperty("prefixes").GetProperty("seed").GetString());
        JsonElement[] layers = [.. document.GetProperty("layers").EnumerateArray()];
        Assert.Equal(3, layers.Length);

        // One memory of layer 0 has a target, and agrees; in layer 1 nothing was mined.
        Assert.Equal(1, layers[0].GetProperty("agreementRate").GetDouble());
        Assert.Equal(1, layers[0].GetProperty("agreement").GetProperty("target").GetProperty("n").GetInt32());
        Assert.Equal(JsonValueKind.Null, layers[1].GetProperty("agreementRate").ValueKind);

        // Prefixes of layer 0: (r 1, y 3, o 2) is a composition, (r 5, y 6, o 5) the residual's.
        Assert.Equal("""{"residual":0.5,"ffn":0,"agreement":0,"composition":0.5,"overruled":0}""", Compact(layers[0].GetProperty("breakdown")));
        Assert.Equal("""{"residual":0.5,"ffn":0,"agreement":0.5,"composition":0,"overruled":0}""", Compact(layers[1].GetProperty("breakdown")));
        Assert.Equal("""{"residual":0,"ffn":0.5,"agreement":0,"composition":0.5,"overruled":0}""", Compact(layers[2].GetProperty("breakdown")));
        Assert.Equal(0.5, layers[0].GetProperty("zeroAgreement").GetDouble());
        Assert.Equal(0, layers[0].GetProperty("finalInResidual").GetDouble());
        Assert.Equal(0.25, layers[0].GetProperty("activeShare").GetDouble());
        Assert.Equal(0.375, layers[0].GetProperty("finalProbability").GetDouble());
        Assert.Equal(6, layers[0].GetProperty("medianTargetRank").GetDouble());
        Assert.Equal(2, layers[0].GetProperty("composition").GetProperty("activeShare").GetProperty("n").GetInt32());
        Assert.Equal(0.25, layers[0].GetProperty("composition").GetProperty("activeShare").GetProperty("quartiles").GetProperty("median").GetDouble());

        // 1.5 -> 0.75 is -50%, 1.5 -> 0 is -100%; 2 -> 1, 3, -1 are -50%, +50%, -100% (the other side counts as 0).
        Assert.Equal(-50, layers[0].GetProperty("mutations").GetProperty("first").GetDouble());
        Assert.Equal(-100, layers[0].GetProperty("mutations").GetProperty("last").GetDouble());
        Assert.Equal("""{"first":-50,"last":50,"random":-100}""", Compact(layers[2].GetProperty("mutations")));
        Assert.Equal("""{"first":null,"last":null,"random":null}""", Compact(layers[1].GetProperty("mutations")));
        Assert.Equal(1, layers[2].GetProperty("reach").GetProperty("median").GetDouble());
        Assert.Equal(0, document.GetProperty("output").GetProperty("medianTargetRank").GetDouble());
        Assert.Equal(1, document.GetProperty("prompts")[0].GetProperty("right").GetProperty("share").GetDouble());
    }

    [Fact]
    public void Sections_that_are_not_there_have_no_file_and_null_figures()
    {
        using (Study plain = SmallStudies.Plain(_sample))
        {
            Assert.Equal(["neurons.jsonl", "units.jsonl"], JsonlExport.Write(plain, _sample.PathOf("none")));
            Assert.Equal(["triggers.csv", "statistics.csv"], CsvExport.Write(plain, _sample.PathOf("none")));
        }

        using Study study = AnalysedStudy.Gated(_sample);
        Assert.Equal(["neurons.jsonl", "units.jsonl", "analysis.json"], JsonlExport.Write(study, _sample.PathOf("some")));
        Assert.Equal(["triggers.csv", "statistics.csv", "values.csv", "layers.csv"], CsvExport.Write(study, _sample.PathOf("some")));
        JsonElement document = JsonDocument.Parse(File.ReadAllText(_sample.PathOf("some/analysis.json"))).RootElement;
        Assert.Equal(JsonValueKind.Null, document.GetProperty("layers")[0].GetProperty("activeShare").ValueKind);
        Assert.Equal(JsonValueKind.Null, document.GetProperty("output").ValueKind);
    }

    [Fact]
    public void Tables_hold_the_same()
    {
        using Study study = AnalysedStudy.Plain(_sample);
        Assert.Equal(["triggers.csv", "statistics.csv", "values.csv", "prefixes.csv", "mutations.csv", "layers.csv"], CsvExport.Write(study, _sample.Folder));
        string[] values = File.ReadAllLines(_sample.PathOf("values.csv"));
        Assert.Equal("0,,0,positive,folded,1.5,0.25,3.5,4,<4>,2.25,9,</s>,-3,4,<4>,0,0.25,true,3,<3>,1.5,false,4,0.5,true,0.5", values[1]);
        Assert.Equal("2,,1,positive,folded,2,0.25,3.5,4,<4>,2.25,9,</s>,-3,,,,,,,,,,,,,", values[2]);
        string[] prefixes = File.ReadAllLines(_sample.PathOf("prefixes.csv"));
        Assert.Equal("1,2,0,2,4,3,1,3,2,1,2,0.25,0.5,true,false,6,0.125,2.5,0.375,7,,1.25,\"\"\"Die 🙂\"", prefixes[1]);
        Assert.Equal("1,2,3,2,4,3,4,,,,,,,,,0,0.5,0,0.5,4,,0.75,\"\"\"Die 🙂\"", prefixes[4]);
        Assert.Equal("0,,0,positive,1,2,1,1.5,0.75,0,0.25", File.ReadAllLines(_sample.PathOf("mutations.csv"))[1]);
        string[] layers = File.ReadAllLines(_sample.PathOf("layers.csv"));
        string[] columns = layers[0].Split(',');
        Assert.Equal(4, layers.Length);
        Assert.All(layers, line => Assert.Equal(columns.Length, line.Split(',').Length));
        Assert.Equal("0.5", layers[1].Split(',')[Array.IndexOf(columns, "breakdown.composition")]);
        Assert.Equal("50", layers[3].Split(',')[Array.IndexOf(columns, "mutations.last")]);
        Assert.Equal(string.Empty, layers[2].Split(',')[Array.IndexOf(columns, "mutations.last")]);
    }

    private string[] Lines(Study study, string name)
    {
        string text = Text(study, name);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        return text[..^1].Split('\n');
    }

    private string Text(Study study, string name)
    {
        string folder = _sample.PathOf("export");
        Assert.Contains(name, JsonlExport.Write(study, folder));
        return File.ReadAllText(Path.Combine(folder, name));
    }

    private static string Compact(JsonElement element) => JsonSerializer.Serialize(element);
}
