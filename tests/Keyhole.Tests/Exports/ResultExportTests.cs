using System.IO.Compression;
using System.Text.Json;
using Keyhole.Analyses;
using Keyhole.Annotations;
using Keyhole.Claiming;
using Keyhole.Exports;
using Keyhole.Features;
using Keyhole.Memories;
using Keyhole.Mining;
using Keyhole.Patterns;
using Keyhole.Studies;
using Keyhole.Tests.Mining;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Tests.Exports;

/// <summary>What a study keeps beyond its triggers, and what was searched, claimed and measured of it: in each format what that has room for.</summary>
public sealed class ResultExportTests(ResultExportTests.RichStudy rich) : IClassFixture<ResultExportTests.RichStudy>
{
    [Fact]
    public void Json_has_the_documents_that_the_commands_print()
    {
        using Study study = Study.Open(rich.Path);
        string folder = rich.Folder("jsonl");
        IReadOnlyList<string> files = JsonlExport.Write(study, folder);
        Assert.Equal(["neurons.jsonl", "units.jsonl", "analysis.json", "read-write.jsonl", "patterns.json", "claims.json", "features.json"], files);
        Assert.Equal(Json(json => ClaimJson.Write(json, rich.Claims)), Document(folder, "claims.json"));
        Assert.Equal(Json(json => FeatureJson.Write(json, rich.Features)), Document(folder, "features.json"));
        Assert.Equal(Json(json => PatternJson.Write(json, rich.Patterns)), Document(folder, "patterns.json"));
    }

    [Fact]
    public void Tables_have_a_row_for_each()
    {
        using Study study = Study.Open(rich.Path);
        string folder = rich.Folder("csv");
        CsvExport.Write(study, folder);
        string[] examples = Rows(folder, "examples.csv");
        Assert.Equal("layer,expert,index,list,pole,band,place,unit,position,coefficient,gate,routerWeight,target,prefix,targetText", File.ReadLines(System.IO.Path.Combine(folder, "examples.csv")).First());
        NeuronId[] ids = [.. study.Memories().Select(memory => memory.Id)];
        int samples = ids.Sum(id => SampleTable.Read(study, id) is { } sample ? sample.Positive.Length + sample.Negative.Length : 0);
        Assert.Equal(samples, examples.Count(row => row.Split(',')[3] == "quantile"));
        Assert.Equal(ids.Length * SampleTable.RandomPositions(study).Length, examples.Count(row => row.Split(',')[3] == "random"));
        foreach ((string name, int count) in ids.SelectMany(id => SignCaseTable.Read(study, id)!).GroupBy(one => one.Name).Select(cases => (cases.Key, cases.Sum(one => one.Triggers.Length))))
        {
            Assert.Equal(count, examples.Count(row => row.Split(',')[3] == name));
        }

        string[] weakest = [.. examples.Where(row => row.StartsWith("0,,0,quantile,positive,0,", StringComparison.Ordinal))];
        Trigger[] band = [.. SampleTable.Read(study, new NeuronId(0, 0))!.BandsOf(Pole.Positive)[0]];
        Assert.Equal(band.Select((trigger, place) => $"{place},{trigger.Unit},{trigger.Position}"), weakest.Select(row => string.Join(',', row.Split(',')[6..9])));
        Assert.Contains(",gate-in-,topShare.positive,topShare.negative\n", File.ReadAllText(System.IO.Path.Combine(folder, "statistics.csv")), StringComparison.Ordinal);

        Assert.Equal(ids.Length, Rows(folder, "read-write.csv").Length);
        Assert.Equal(rich.Features.Rows.Length, Rows(folder, "features.csv").Length);
        Assert.Equal(rich.Features.Tasks.Select(task => task.Name), Rows(folder, "feature-tasks.csv").Select(row => row.Split(',')[0]));
        ClaimTest test = rich.Claims.Claims[0].Tests[0];
        string[] claims = Rows(folder, "claims.csv");
        Assert.Equal(rich.Claims.Claims.Sum(claim => claim.Tests.Length), claims.Length);
        Assert.Contains($",false,0,,3,positive,,0,{test.Texts},{test.Counts.Tp},{test.Counts.Fp},{test.Counts.Fn},{test.Counts.Tn},", claims[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Chosen_memories_have_their_own_rows_alone()
    {
        using Study study = Study.Open(rich.Path);
        string folder = rich.Folder("chosen");
        var options = new ExportOptions { Selection = new ExportSelection { Neurons = new HashSet<NeuronId> { new(0, 3) } } };
        CsvExport.Write(study, folder, options);
        JsonlExport.Write(study, folder, options);
        Assert.All((string[])["examples.csv", "read-write.csv"], file => Assert.All(Rows(folder, file), row => Assert.StartsWith("0,,3,", row, StringComparison.Ordinal)));
        int[] tests = [.. JsonDocument.Parse(File.ReadAllText(System.IO.Path.Combine(folder, "claims.json"))).RootElement.GetProperty("claims").EnumerateArray().Select(claim => claim.GetProperty("tests").GetArrayLength())];
        Assert.Equal(1, tests[0]);
        Assert.Equal(Rows(folder, "claims.csv").Length, tests.Sum());
    }

    // The intervals hold what is in them, touch each other, and together have the share of positions at which the memory fires.
    [Fact]
    public void Neuronpedia_has_intervals_and_explanations()
    {
        using Study study = Study.Open(rich.Path);
        string folder = rich.Folder("np");
        IReadOnlyList<string> files = NeuronpediaExport.Write(study, folder, new ExportOptions { Threads = 2 });
        string source = $"{files[0].Split('/')[0]}/0";
        Assert.Contains($"{source}/explanations/batch-0.jsonl.gz", files);
        JsonElement[] activations = Packed(folder, $"{source}/activations/batch-0.jsonl.gz");
        Assert.Equal(activations.Length, activations.Select(row => row.GetProperty("id").GetString()).Distinct().Count());
        foreach (IGrouping<string, JsonElement> memory in activations.GroupBy(row => row.GetProperty("index").GetString()!))
        {
            MemoryRecord record = study.Memory(new NeuronId(0, int.Parse(memory.Key)))!;
            Assert.Equal(record.Positive.Length, memory.Count(row => row.GetProperty("binContains").GetDouble() == -1));
            (double Least, double Most, double Contains)[] intervals = [.. memory.Where(row => row.GetProperty("binContains").GetDouble() != -1)
                .Select(row => (row.GetProperty("binMin").GetDouble(), row.GetProperty("binMax").GetDouble(), row.GetProperty("binContains").GetDouble())).Distinct()];
            Assert.Equal(Math.Min(MemorySample.Bands, SampleTable.Read(study, record.Id)!.Positive.Length), intervals.Length);
            Assert.Equal(record.Statistics.SharePositive, intervals.Sum(interval => interval.Contains), 1e-12);
            Assert.Equal(Math.Round(record.Statistics.Max, 4), intervals[0].Most, 1e-4);
            Assert.All(intervals.Zip(intervals.Skip(1)), pair => Assert.Equal(pair.First.Least, pair.Second.Most));
            foreach (JsonElement row in memory.Where(row => row.GetProperty("binContains").GetDouble() != -1))
            {
                double m = row.GetProperty("values")[row.GetProperty("qualifyingTokenIndex").GetInt32()].GetDouble();
                Assert.InRange(m, row.GetProperty("binMin").GetDouble(), row.GetProperty("binMax").GetDouble());
            }
        }

        JsonElement[] explanations = Packed(folder, $"{source}/explanations/batch-0.jsonl.gz");
        JsonElement label = explanations.Single(row => row.GetProperty("notes").GetString() == "semantic; Ada");
        Assert.Equal(("0", "3", "a label"), (label.GetProperty("layer").GetString(), label.GetProperty("index").GetString(), label.GetProperty("description").GetString()));
        Assert.Equal(1 + rich.Patterns.Lists.Where(list => list.Id.Layer == 0 && list.Pole == Pole.Positive).Sum(list => list.Patterns.Length), explanations.Length);
    }

    private static string Document(string folder, string file)
    {
        string text = File.ReadAllText(System.IO.Path.Combine(folder, file));
        Assert.StartsWith("{\n  \"schemaVersion\": 1,\n", text, StringComparison.Ordinal);
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
        return JsonSerializer.Serialize(JsonDocument.Parse(text).RootElement);
    }

    private static string Json(Action<Utf8JsonWriter> write)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            json.WriteNumber("schemaVersion", 1);
            write(json);
            json.WriteEndObject();
        }

        return JsonSerializer.Serialize(JsonDocument.Parse(stream.ToArray()).RootElement);
    }

    private static string[] Rows(string folder, string file) => [.. File.ReadLines(System.IO.Path.Combine(folder, file)).Skip(1)];

    private static JsonElement[] Packed(string folder, string file)
    {
        using GZipStream stream = new(File.OpenRead(System.IO.Path.Combine(folder, file)), CompressionMode.Decompress);
        using StreamReader reader = new(stream);
        return [.. reader.ReadToEnd().TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement)];
    }

    /// <summary>A small gated model, mined with all lists, searched, claimed and measured.</summary>
    public sealed class RichStudy : IDisposable
    {
        private readonly TinyRun _tiny = new();

        public RichStudy()
        {
            MiningOptions options = _tiny.Options(_tiny.Model(TinyModel.Llama()), _tiny.Corpus(TinyRun.Lines)) with { Rules = new MiningRules { SampleQuantiles = true, SignCases = true } };
            TinyRun.Mine(options).Dispose();
            Path = options.Output;
            Analyzer.Run(new AnalysisOptions { Study = Path, Only = new HashSet<AnalysisSection> { AnalysisSection.ReadWrite }, Threads = 2 });
            using (Study study = Study.Open(Path))
            {
                Patterns = PatternFinder.Find(study, new PatternOptions { Decoys = 200, Threads = 2 }, [], null, TestContext.Current.CancellationToken);
                new AnnotationStore(Path).AddLabel(study, new NeuronId(0, 3), "Ada", "a label", PatternKind.Semantic, "key-of-this-label");
            }

            StudyPatterns.Keep(Path, Patterns);
            string claims = System.IO.Path.Combine(_tiny.Folder, "claims.yaml");
            File.WriteAllText(claims, "- {name: named, memory: L0N3, regex: a, threshold: zero}\n- {name: which, memories: all, regex: b}\n");
            Claims = ClaimTester.Run(new ClaimOptions { Study = Path, Claims = claims, Best = 5, Threads = 2 });
            Features = FeatureAnalyzer.Run(new FeatureOptions { Study = Path, Positions = 500, TopK = [1, 5], Threads = 2 });
        }

        public ClaimRun Claims { get; }

        public FeatureResult Features { get; }

        public PatternResult Patterns { get; }

        internal string Path { get; }

        public void Dispose() => _tiny.Dispose();

        internal string Folder(string name) => System.IO.Path.Combine(_tiny.Folder, name);
    }
}
