using System.Collections.Immutable;
using System.Text.Json;
using Keyhole.Annotations;
using Keyhole.Memories;
using Keyhole.Studies;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Cli.Tests;

/// <summary>One layer of six memories over twelve units; two annotators who are done with every sheet.</summary>
public sealed class AnnotationsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _study;
    private readonly string _copy;

    public AnnotationsTests()
    {
        _study = Write(_folder.File("a.study"));
        File.Copy(_study, _copy = _folder.File("copy.study"));
        Annotate();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_state_is_shown_without_ending_blindness()
    {
        CommandResult shown = KeyholeProcess.Run("annotations", _study);
        Assert.Equal(0, shown.ExitStatus);
        Assert.Contains("annotators are blind", shown.Output, StringComparison.Ordinal);
        Assert.Matches("Ana +4 +4", shown.Output);
        Assert.DoesNotContain("labels", KeyholeProcess.Run("show", _study, "L0N1").Output, StringComparison.Ordinal);
        Assert.Contains("KH5815", KeyholeProcess.Run("search", _study, "rivers", "--in", "labels").Error, StringComparison.Ordinal);
        using Study study = Study.Open(_study);
        Assert.Null(AnnotationTable.Project(study)!.Opened);
    }

    [Fact]
    public void Results_open_and_labels_are_seen()
    {
        CommandResult results = KeyholeProcess.Run("annotations", _study, "--results");
        Assert.Equal(0, results.ExitStatus);
        Assert.Contains("true minus decoy", results.Output, StringComparison.Ordinal);
        Assert.Contains("Ana, Ben: ", results.Output, StringComparison.Ordinal);
        using (JsonDocument json = JsonDocument.Parse(KeyholeProcess.Run("annotations", _study, "--results", "--json").Output))
        {
            Assert.Equal(1, json.RootElement.GetProperty("schemaVersion").GetInt32());
            Assert.Equal(8, json.RootElement.GetProperty("results").GetProperty("annotations").GetInt32());
            Assert.Equal(JsonValueKind.String, json.RootElement.GetProperty("project").GetProperty("opened").ValueKind);
        }

        CommandResult found = KeyholeProcess.Run("search", _study, "big riv");
        Assert.StartsWith("labels of 4 memories\n", found.Output, StringComparison.Ordinal);
        Assert.Contains("semantic", found.Output, StringComparison.Ordinal);
        using JsonDocument search = JsonDocument.Parse(KeyholeProcess.Run("search", _study, "rivers", "--in", "labels", "--json").Output);
        JsonElement label = search.RootElement.GetProperty("labels")[0];
        Assert.Equal(("Big rivers", "rivers", true, 3, 5), (label.GetProperty("text").GetString(), label.GetProperty("match").GetString(), label.GetProperty("blind").GetBoolean(), label.GetProperty("covered").GetInt32(), label.GetProperty("prefixes").GetInt32()));
        Assert.Contains("labels\n  Big rivers (semantic; Ana, positive pole, 3 of 5 prefixes)\n", KeyholeProcess.Run("show", _study, label.GetProperty("neuron").GetString()!).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Annotations_travel_in_a_file_and_are_cleared_only_with_a_copy()
    {
        string file = _folder.File("all.jsonl");
        Assert.Equal(2, KeyholeProcess.Run("annotations", _study, "--clear").ExitStatus);
        Assert.Equal(2, KeyholeProcess.Run("annotations", _study, "--results", "--export", file).ExitStatus);
        Assert.Equal(2, KeyholeProcess.Run("annotations", _study, "--export", _study).ExitStatus);
        CommandResult exported = KeyholeProcess.Run("annotations", _study, "--export", file, "--clear");
        Assert.Equal(0, exported.ExitStatus);
        Assert.Contains("8 annotations", exported.Error, StringComparison.Ordinal);
        Assert.Contains("no annotation project", KeyholeProcess.Run("annotations", _study).Error, StringComparison.Ordinal);
        CommandResult imported = KeyholeProcess.Run("annotations", _copy, "--import", file);
        Assert.Equal(0, imported.ExitStatus);
        Assert.Contains("8 annotations added", imported.Error, StringComparison.Ordinal);
        string again = _folder.File("again.jsonl");
        KeyholeProcess.Run("annotations", _copy, "--export", again);
        Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(again));

        File.AppendAllText(file, "{\n");
        CommandResult refused = KeyholeProcess.Run("annotations", _copy, "--import", file);
        Assert.Equal(3, refused.ExitStatus);
        Assert.Contains($"KH5410: {file}: line {File.ReadAllLines(file).Length}: ", refused.Error, StringComparison.Ordinal);
        Assert.Contains("KH6002", KeyholeProcess.Run("annotations", _copy, "--import", _folder.File("nothing")).Error, StringComparison.Ordinal);
    }

    private void Annotate()
    {
        using Study study = Study.Open(_study);
        AnnotationStore store = new(_study);
        AnnotationProject project = store.Create(study, new AnnotationOptions { PerLayer = 2, Prefixes = 5, Decoys = 2 });
        store.Save([.. project.Sheets.SelectMany(sheet => new[] { "Ana", "Ben" }.Select(name => new AnnotationSave
        {
            Annotator = name, Sheet = sheet.Id, Revision = 1, Key = "k", Done = true,
            Patterns = sheet.Kind == SheetKind.True ? [new AnnotationPattern("Big rivers", PatternKind.Semantic, name == "Ana" ? [0, 1, 2] : [0, 1, 2, 3])] : [],
        }))]);
    }

    private static string Write(string path)
    {
        using StudyWriter writer = StudyWriter.Create(path, overwrite: false);
        writer.WriteProvenance(CatStudy.Provenance(memories: 6, candidates: 24));
        writer.WriteFiles([new StudyFile(0, "cats.txt", 132, CatStudy.NoHash)]);
        for (int unit = 0; unit < 12; unit++)
        {
            writer.AppendUnit(new StudyUnit { Index = unit, File = 0, Offset = 11 * unit, Length = 11, Text = "the cat sat", Tokens = [0, 1, 2, 3], Spans = [new(0, 0), new(0, 3), new(3, 7), new(7, 11)] });
        }

        writer.WriteTokenPieces(["</s>", "the", " cat", " sat"]);
        for (int memory = 0; memory < 6; memory++)
        {
            writer.WriteMemory(new NeuronId(0, memory), NeuronStatistics.Empty(gated: false), [.. Enumerable.Range(0, 6).Select(rank => new Trigger(6 - rank, float.NaN, (memory + rank) % 12, 1 + (rank % 2), 2 + (rank % 2)))], []);
        }

        writer.Complete();
        return path;
    }
}
