using System.Text;
using System.Text.Json;
using Keyhole.Exports;
using Keyhole.Studies;
using Keyhole.Tests.Studies;
using Xunit;

namespace Keyhole.Tests.Exports;

public sealed class JsonlExportTests : IDisposable
{
    private readonly SampleStudy _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void A_plain_model_has_a_line_for_every_memory()
    {
        using Study study = SmallStudies.Plain(_sample);
        Assert.Equal("""
            {"layer":0,"index":0,"pole":"positive","triggers":[{"unit":1,"position":2,"coefficient":1.5,"target":4,"prefix":"\"Die 🙂","targetText":"\tStraße\n"},{"unit":0,"position":1,"coefficient":0.1,"target":3,"prefix":"The","targetText":" cat"},{"unit":1,"position":4,"coefficient":1E-10,"target":null,"prefix":"\"Die 🙂\tStraße\n 東京","targetText":null}],"statistics":{"n":4,"mean":0.4375,"variance":0.44921875,"skewness":0.6568077344996993,"excessKurtosis":-1.0989792060491494,"min":-0.25,"max":1.5,"sharePositive":0.5}}
            {"layer":2,"index":1,"pole":"positive","triggers":[],"statistics":{"n":2,"mean":0,"variance":0,"skewness":null,"excessKurtosis":null,"min":0,"max":0,"sharePositive":0}}

            """, Exported(study, JsonlExport.NeuronsFile));
        Assert.Equal("""
            {"unit":0,"file":"texts/a.txt","offset":0,"length":90,"text":"The cat"}
            {"unit":1,"file":"texts/a.txt","offset":100,"length":90,"text":"\"Die 🙂\tStraße\n 東京"}

            """, Exported(study, JsonlExport.UnitsFile));
    }

    [Fact]
    public void A_gated_model_has_a_line_for_every_pole_and_an_expert_has_its_number()
    {
        using Study study = SmallStudies.Gated(_sample);
        Assert.Equal("""
            {"layer":0,"index":7,"expert":1,"pole":"positive","triggers":[{"unit":1,"position":2,"coefficient":1.5,"target":4,"prefix":"\"Die 🙂","targetText":"\tStraße\n","gate":-0.75,"routerWeight":0.625}],"statistics":{"n":4,"mean":0,"variance":1.625,"skewness":-0.5430908357672789,"excessKurtosis":-1,"min":-2,"max":1.5,"sharePositive":0.5,"signCases":{"gate+in+":0.5,"gate+in-":0.25,"gate-in+":0.25,"gate-in-":0}}}
            {"layer":0,"index":7,"expert":1,"pole":"negative","triggers":[{"unit":0,"position":2,"coefficient":-2,"target":9,"prefix":"The cat","targetText":"</s>","gate":3.25,"routerWeight":0.25}],"statistics":{"n":4,"mean":0,"variance":1.625,"skewness":-0.5430908357672789,"excessKurtosis":-1,"min":-2,"max":1.5,"sharePositive":0.5,"signCases":{"gate+in+":0.5,"gate+in-":0.25,"gate-in+":0.25,"gate-in-":0}}}
            {"layer":0,"index":8,"expert":1,"pole":"positive","triggers":[],"statistics":{"n":0,"mean":null,"variance":null,"skewness":null,"excessKurtosis":null,"min":null,"max":null,"sharePositive":null,"signCases":{"gate+in+":null,"gate+in-":null,"gate-in+":null,"gate-in-":null}}}
            {"layer":0,"index":8,"expert":1,"pole":"negative","triggers":[],"statistics":{"n":0,"mean":null,"variance":null,"skewness":null,"excessKurtosis":null,"min":null,"max":null,"sharePositive":null,"signCases":{"gate+in+":null,"gate+in-":null,"gate-in+":null,"gate-in-":null}}}

            """, Exported(study, JsonlExport.NeuronsFile));
    }

    [Fact]
    public void Replaces_an_older_export_and_leaves_no_other_file()
    {
        using Study study = SmallStudies.Plain(_sample);
        string folder = _sample.PathOf("a/new/folder");
        JsonlExport.Write(study, folder);
        string[] first = [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal)];
        byte[] bytes = File.ReadAllBytes(first[0]);
        File.WriteAllText(first[0], "old");
        JsonlExport.Write(study, folder);
        Assert.Equal([Path.Combine(folder, "neurons.jsonl"), Path.Combine(folder, "units.jsonl")], first);
        Assert.Equal(first, Directory.GetFiles(folder).Order(StringComparer.Ordinal));
        Assert.Equal(bytes, File.ReadAllBytes(first[0]));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_refused_and_nothing_is_left()
    {
        using Study study = SmallStudies.Plain(_sample);
        string file = _sample.PathOf("file");
        File.WriteAllText(file, "x");
        Assert.Equal("KH5120", Assert.Throws<StudyNotWrittenException>(() => JsonlExport.Write(study, file)).Code);
        string folder = _sample.PathOf("blocked");
        Directory.CreateDirectory(Path.Combine(folder, "units.jsonl"));   // a folder stands where a file should go
        Assert.Equal("KH5120", Assert.Throws<StudyNotWrittenException>(() => JsonlExport.Write(study, folder)).Code);
        Assert.Empty(Directory.GetFiles(folder));
        if (File.Exists("/dev/null"))
        {
            string linked = _sample.PathOf("linked");
            Directory.CreateDirectory(linked);
            File.CreateSymbolicLink(Path.Combine(linked, "units.jsonl"), "/dev/null");   // a device stands there
            Assert.Equal("KH5120", Assert.Throws<StudyNotWrittenException>(() => JsonlExport.Write(study, linked)).Code);
        }

        using CancellationTokenSource stopped = new();
        stopped.Cancel();
        string untouched = _sample.PathOf("stopped");
        Assert.Throws<OperationCanceledException>(() => JsonlExport.Write(study, untouched, stopped.Token));
        Assert.Empty(Directory.GetFiles(untouched));
    }

    [Fact]
    public void A_full_disk_is_one_sentence()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "The test needs /dev/full.");
        using Study study = SmallStudies.Plain(_sample);
        string folder = _sample.PathOf("full");
        Directory.CreateDirectory(folder);
        File.CreateSymbolicLink(Path.Combine(folder, "neurons.jsonl.partial"), "/dev/full");
        StudyNotWrittenException refused = Assert.Throws<StudyNotWrittenException>(() => JsonlExport.Write(study, folder));
        Assert.Contains(folder, refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    [Fact]
    public void Every_line_is_json_and_a_line_of_its_own_for_any_reader()
    {
        string path = _sample.PathOf("random.db");
        using (StudyWriter writer = StudyWriter.Create(path, overwrite: false))
        {
            writer.WriteProvenance(SampleStudy.Provenance());
            writer.WriteFiles([new StudyFile(0, "a.txt", 1, ""), new StudyFile(1, "b.txt", 1, "")]);
            for (int i = 0; i < 300; i++)
            {
                writer.AppendUnit(SampleStudy.RandomUnit(i, 9));
            }

            writer.AppendUnit(SampleStudy.Unit(300, "a\u2028b\u0085c\u000Bd\u000Ce\u001Cf\r\ng\u007F"));
            writer.Complete();
        }

        using Study study = Study.Open(path);
        string[] lines = Exported(study, JsonlExport.UnitsFile).Split('\n');
        Assert.Equal(302, lines.Length);
        Assert.Equal(string.Empty, lines[^1]);
        for (int i = 0; i <= 300; i++)
        {
            using JsonDocument line = JsonDocument.Parse(lines[i]);
            Assert.Equal(study.Unit(i).Text, line.RootElement.GetProperty("text").GetString());
            Assert.DoesNotContain(lines[i], c => c is '\u2028' or '\u0085' or < ' ');
        }

        Assert.EndsWith("""
            "text":"a\u2028b\u0085c\u000bd\fe\u001cf\r\ng\u007f"}
            """, lines[300], StringComparison.Ordinal);
    }

    private string Exported(Study study, string name)
    {
        string folder = _sample.PathOf("export");
        JsonlExport.Write(study, folder);
        byte[] bytes = File.ReadAllBytes(Path.Combine(folder, name));
        Assert.NotEqual(0xEF, bytes[0]);
        return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
    }
}
