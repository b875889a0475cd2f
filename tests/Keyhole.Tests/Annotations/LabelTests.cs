using Keyhole.Annotations;
using Keyhole.Engine;
using Keyhole.Exports;
using Keyhole.Memories;
using Keyhole.Search;
using Keyhole.Studies;
using Xunit;
using static Keyhole.Tests.Annotations.AnnotatedRun;

namespace Keyhole.Tests.Annotations;

/// <summary>Labels: when they are seen, and where search and exports have them.</summary>
public sealed class LabelTests : IDisposable
{
    private readonly AnnotatedRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void Labels_of_sheets_are_hidden_until_the_results_are_open_and_free_ones_are_not()
    {
        AnnotationProject project = _run.Project();
        Sheet real = project.Sheets.First(sheet => sheet.Kind == SheetKind.True);
        Sheet decoy = project.Sheets.First(sheet => sheet.Kind == SheetKind.Mixed);
        _run.Save(Saving("ana", real, 1, done: true, Pattern("Big rivers", PatternKind.Semantic, 0, 1, 2)));
        _run.Save(Saving("ana", decoy, 1, done: true, Pattern("rivers too", PatternKind.Semantic, 0, 1, 2)));
        NeuronId other = new(2, 5);
        using Study study = _run.Open();
        _run.Store.AddLabel(study, other, "ben", "a river's name", PatternKind.Shallow, "k1");
        _run.Store.AddLabel(study, other, "ben", "a river's name", PatternKind.Shallow, "k1");
        Assert.Equal("KH5405", Assert.Throws<InputRefusedException>(() => _run.Store.AddLabel(study, new NeuronId(9, 9), "ben", "x", PatternKind.Shallow, "k2")).Code);

        Assert.Empty(LabelTable.Read(study, real.Memory!.Value));
        Label free = Assert.Single(LabelTable.Read(study));
        Assert.Equal((other, "ben", "a river's name", PatternKind.Shallow, false), (free.Memory, free.Annotator, free.Text, free.Kind, free.IsBlind));
        Assert.Equal([other], Found(study, "river"));

        _run.Store.OpenResults();
        Label blind = Assert.Single(LabelTable.Read(study, real.Memory!.Value));
        Assert.Equal(("Big rivers", real.Pole, (3, 10)), (blind.Text, blind.Pole, blind.Covered!.Value));
        Assert.Equal(2, LabelTable.Read(study).Length);
        Assert.Equal([real.Memory!.Value, other], Found(study, "river"));
        Assert.Equal([real.Memory!.Value], Found(study, "BIG riv"));
        Assert.Empty(Found(study, "rivers big"));
        Assert.Empty(Found(study, "riv big"));

        Assert.True(_run.Store.RemoveLabel(free.Number));
        Assert.False(_run.Store.RemoveLabel(free.Number));
        Assert.False(_run.Store.RemoveLabel(blind.Number));
        Assert.Equal([real.Memory!.Value], Found(study, "river"));
    }

    [Fact]
    public void Search_looks_at_labels_only_where_there_are_any()
    {
        using (Study bare = _run.Open())
        {
            Assert.False(StudySearch.Run(bare, new SearchOptions { Query = "cat" }).SearchedLabels);
            Assert.Equal("KH5815", Assert.Throws<InputRefusedException>(() => StudySearch.Run(bare, new SearchOptions { Query = "cat", In = SearchPlaces.Labels })).Code);
            _run.Store.AddLabel(bare, new NeuronId(0, 1), "ana", "cats", PatternKind.Shallow, "k");
        }

        using Study study = _run.Open();
        SearchResult both = StudySearch.Run(study, new SearchOptions { Query = "cat" });
        Assert.True(both.SearchedLabels && both.SearchedTriggers);
        Assert.Equal("cat", both.Labels.Single().Label.Text[both.Labels.Single().Place][..3]);
        Assert.Equal(0, StudySearch.Run(study, new SearchOptions { Query = "cat", In = SearchPlaces.Labels, Layers = [1] }).LabelsCount);
        Assert.Equal("KH5814", Assert.Throws<InputRefusedException>(() => StudySearch.Run(study, new SearchOptions { Regex = "c", In = SearchPlaces.Labels })).Code);
    }

    [Fact]
    public void Exports_carry_labels_and_without_any_they_are_the_same_bytes()
    {
        using Study study = _run.Open();
        Dictionary<string, byte[]> bare = Exported(study, "bare");
        AnnotationProject project = _run.Project();
        Assert.Equal(bare, Exported(study, "tables"));

        Sheet sheet = project.Sheets.First(sheet => sheet.Kind == SheetKind.True);
        _run.Save(Saving("ana", sheet, 1, done: true, Pattern("a, \"b\"", PatternKind.Syntactic, 0, 1, 2)));
        _run.Store.AddLabel(study, sheet.Memory!.Value, "ben", "free", PatternKind.Semantic, "k");
        _run.Store.OpenResults();
        Dictionary<string, byte[]> labelled = Exported(study, "labelled");
        string[] lines = [.. Text(labelled["neurons.jsonl"]).Split('\n').Where(line => line.Contains("\"labels\"", StringComparison.Ordinal))];
        Assert.Equal(2, lines.Length);
        string pole = sheet.Pole == Pole.Positive ? "positive" : "negative";
        Assert.Contains(lines, line => line.Contains($"\"pole\":\"{pole}\"", StringComparison.Ordinal) && line.Contains(
            $"\"labels\":[{{\"text\":\"a, \\\"b\\\"\",\"kind\":\"syntactic\",\"annotator\":\"ana\",\"blind\":true,\"labelPole\":\"{pole}\",\"covered\":3,\"prefixes\":10}},{{\"text\":\"free\",\"kind\":\"semantic\",\"annotator\":\"ben\",\"blind\":false}}]", StringComparison.Ordinal));
        NeuronId id = sheet.Memory!.Value;
        Assert.Equal($"layer,expert,index,pole,text,kind,annotator,blind,covered,prefixes\n{id.Layer},,{id.Index},{pole},\"a, \"\"b\"\"\",syntactic,ana,true,3,10\n{id.Layer},,{id.Index},,free,semantic,ben,false,,\n", Text(labelled["labels.csv"]));
        string shown = MemoryView.Create(study, study.Memory(id)!).Render();
        Assert.Contains($"labels\n  a, \"b\" (syntactic; ana, {pole} pole, 3 of 10 prefixes)\n  free (semantic; ben, free label)\n", shown, StringComparison.Ordinal);
        using MemoryStream document = new();
        MemoryDocument.Write(study, study.Memory(id)!, document);
        Assert.Contains("\"labels\": [", Text(document.ToArray()), StringComparison.Ordinal);
    }

    private Dictionary<string, byte[]> Exported(Study study, string name)
    {
        string folder = _run.File(name);
        return JsonlExport.Write(study, folder).Concat(CsvExport.Write(study, folder)).ToDictionary(file => file, file => File.ReadAllBytes(Path.Combine(folder, file)));
    }

    private static NeuronId[] Found(Study study, string query) => [.. StudySearch.Run(study, new SearchOptions { Query = query, In = SearchPlaces.Labels }).Labels.Select(match => match.Label.Memory)];

    private static string Text(byte[] bytes) => System.Text.Encoding.UTF8.GetString(bytes);
}
