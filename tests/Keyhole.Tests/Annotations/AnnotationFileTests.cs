using System.Text;
using Keyhole.Annotations;
using Keyhole.Engine;
using Keyhole.Memories;
using Keyhole.Studies;
using Keyhole.Tests.Mining;
using Keyhole.TestSupport;
using Xunit;
using static Keyhole.Tests.Annotations.AnnotatedRun;

namespace Keyhole.Tests.Annotations;

public sealed class AnnotationFileTests : IDisposable
{
    private readonly AnnotatedRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void A_round_trip_gives_the_same_bytes()
    {
        string fresh = _run.Copy("fresh.study");
        Annotate();
        byte[] exported = AnnotationStoreTests.Export(_run.Path);
        Assert.Equal(new ImportResult(true, 3, 0, 0, 0, 1), Import(fresh, exported));
        Assert.Equal(Encoding.UTF8.GetString(exported), Encoding.UTF8.GetString(AnnotationStoreTests.Export(fresh)));
        Assert.Equal(new ImportResult(false, 0, 0, 3, 0, 0), Import(fresh, exported));
        Assert.Equal(exported, AnnotationStoreTests.Export(fresh));
        using Study study = Study.Open(fresh);
        Assert.Equal(2, LabelTable.Read(study).Count(label => label.Text is "rivers" or "free, \"ö\""));
    }

    [Fact]
    public void Annotators_of_two_copies_come_together()
    {
        AnnotationProject project = _run.Project();
        string copy = _run.Copy("copy.study");
        AnnotationStore other = new(copy);
        _run.Save(Saving("ana", project.Sheets[0], 1, done: true));
        _run.Save(Saving("cy", project.Sheets[0], 3, done: true));
        other.Save([Saving("ben", project.Sheets[0], 1, done: true), Saving("cy", project.Sheets[0], 2, done: false), Saving("dan", project.Sheets[0], 5, done: false)]);
        _run.Save(Saving("dan", project.Sheets[0], 4, done: false));
        Assert.Equal(new ImportResult(false, 1, 1, 0, 1, 0), Import(_run.Path, AnnotationStoreTests.Export(copy)));
        Assert.Equal(["ana 1", "ben 1", "cy 3", "dan 5"], Read(_run.Path).Select(annotation => $"{annotation.Annotator} {annotation.Revision}"));
    }

    [Fact]
    public void Two_annotations_of_one_revision_are_refused_and_nothing_is_taken()
    {
        AnnotationProject project = _run.Project();
        string copy = _run.Copy("copy.study");
        _run.Save(Saving("zoe", project.Sheets[0], 1, done: true, Pattern("one", PatternKind.Shallow, 0, 1, 2)));
        new AnnotationStore(copy).Save([Saving("ana", project.Sheets[0], 1, done: true), Saving("zoe", project.Sheets[0], 1, done: true, Pattern("other", PatternKind.Shallow, 0, 1, 2))]);
        InputRefusedException refused = Refused(_run.Path, AnnotationStoreTests.Export(copy));
        Assert.Equal("KH5412", refused.Code);
        Assert.Contains("line 34", refused.Message, StringComparison.Ordinal);   // study, project, 30 sheets, ana, zoe
        Assert.Equal("one", Assert.Single(Read(_run.Path)).Patterns.Single().Text);
    }

    [Fact]
    public void Annotations_of_another_study_or_project_are_refused()
    {
        Annotate();
        byte[] exported = AnnotationStoreTests.Export(_run.Path);
        using var other = new TinyRun();
        var options = other.Options(other.Model(TinyModel.Llama(layers: 3, memories: 60, seed: 9)), other.Corpus(TinyRun.Lines));
        TinyRun.Mine(options).Dispose();
        InputRefusedException refused = Refused(options.Output, exported);
        Assert.Equal("KH5411", refused.Code);
        Assert.Contains("weightsSha256", refused.Message, StringComparison.Ordinal);

        string copy = _run.Copy("copy.study");
        AnnotationStore store = new(copy);
        store.Clear();
        using (Study study = Study.Open(copy))
        {
            store.Create(study, Small);
        }

        Assert.Equal("KH5411", Refused(copy, exported).Code);
    }

    public static TheoryData<string, string, string> Spoiled => new()
    {
        { "\"type\":\"study\"", "\"type\":\"sheet\"", "first line" },
        { "\"version\":1", "\"version\":2", "version 2" },
        { "\"version\":1", "\"version\":1,\"extra\":1", "'extra'" },
        { "\"version\":1", "\"version\":1,\"version\":1", "JSON" },
        { "\"key\":\"", "\"key\":\"0", "hexadecimal|valid hex|multiple of 2" },
        { "\"opened\":\"2026", "\"opened\":\"26", "DateTime" },
        { "\"kind\":\"random\"", "\"kind\":\"randomly\"", "kind of sheet" },
        { "\"position\":", "\"position\":1", "text of unit|no unit" },
        { "\"unit\":", "\"unit\":9999", "no unit" },
        { "\"last\":\"", "\"last\":\"x", "text of unit" },
        { "\"annotator\":\"ana\"", "\"annotator\":\" ana\"", "spaces" },
        { "\"annotator\":\"ana\"", "\"annotator\":7", "'annotator'" },
        { "\"revision\":", "\"revision\":-", "'revision'" },
        { "\"done\":true", "\"done\":1", "'done'" },
        { "\"kind\":\"semantic\"", "\"kind\":\"vague\"", "kind of pattern" },
        { "\"prefixes\":[0,1,2]", "\"prefixes\":[0,2,1]", "in order" },
        { "\"prefixes\":[0,1,2]", "\"prefixes\":[0,1,10]", "does not have" },
        { "\"prefixes\":[0,1,2]", "\"prefixes\":[0,1,1.5]", "whole numbers" },
        { "\"type\":\"label\",\"annotator\":\"dora\",\"layer\":2", "\"type\":\"label\",\"annotator\":\"dora\",\"layer\":7", "no memory" },
        { "\"text\":\"rivers\"", "\"text\":\"rivers\",\"colour\":\"red\"", "'colour'" },
        { "\"type\":\"label\"", "\"type\":\"remark\"", "'remark'" },
        { "\"type\":\"annotation\"", "[\"type\":\"annotation\"", "JSON" },
    };

    [Theory]
    [MemberData(nameof(Spoiled))]
    public void A_line_that_is_not_what_it_should_be_is_named_and_nothing_is_taken(string part, string other, string says)
    {
        string fresh = _run.Copy("fresh.study");
        Annotate();
        string text = Encoding.UTF8.GetString(AnnotationStoreTests.Export(_run.Path));
        int at = text.IndexOf(part, StringComparison.Ordinal);
        Assert.True(at >= 0, part);
        int line = 1 + text[..at].Count(c => c == '\n');
        InputRefusedException refused = Refused(fresh, Encoding.UTF8.GetBytes(text[..at] + other + text[(at + part.Length)..]));
        Assert.Equal("KH5410", refused.Code);
        Assert.Contains($"line {line}: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(says.Split('|'), one => refused.Message.Contains(one, StringComparison.Ordinal));
        using Study study = Study.Open(fresh);
        Assert.False(AnnotationExport.HasContent(study));
    }

    [Fact]
    public void Sheets_that_are_left_out_exchanged_or_of_other_lists_are_refused()
    {
        string fresh = _run.Copy("fresh.study");
        Annotate();
        string[] lines = Encoding.UTF8.GetString(AnnotationStoreTests.Export(_run.Path)).TrimEnd('\n').Split('\n');
        Require(lines[2] == lines[3] ? throw new InvalidOperationException() : [.. lines[..2], lines[3], lines[2], .. lines[4..]], "line 3: the sheet's id");
        Require([.. lines[..2], .. lines[3..]], "line 3: the sheet's id");

        // The first sheet's prefixes under the second sheet's name: a list of this study, but not of that memory.
        static string Prefixes(string line) => line[line.IndexOf("\"prefixes\"", StringComparison.Ordinal)..];
        Require([.. lines[..3], lines[3].Replace(Prefixes(lines[3]), Prefixes(lines[2]), StringComparison.Ordinal), .. lines[4..]], "line 4: its prefixes are not the best triggers");
        Require([.. lines, lines[32]], "another annotation of this sheet by the same annotator");
        Require([.. lines[..^1].Where(line => !line.Contains("\"type\":\"project\"", StringComparison.Ordinal))], "not expected here");
        Require([lines[0], .. lines.Where(line => line.Contains("\"type\":\"annotation\"", StringComparison.Ordinal))], "no such sheet");

        void Require(string[] changed, string says)
        {
            InputRefusedException refused = Refused(fresh, Encoding.UTF8.GetBytes(string.Join('\n', changed) + "\n"));
            Assert.Equal("KH5410", refused.Code);
            Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Long_lines_bytes_that_are_no_text_and_empty_files_are_refused()
    {
        Annotate();
        byte[] exported = AnnotationStoreTests.Export(_run.Path);
        Assert.Contains("empty", Refused(_run.Path, []).Message, StringComparison.Ordinal);
        Assert.Contains("longer than", Refused(_run.Path, [.. Enumerable.Repeat((byte)' ', (4 << 20) + 1)]).Message, StringComparison.Ordinal);
        int at = exported.AsSpan().IndexOf("rivers"u8);
        byte[] broken = [.. exported];
        broken[at] = 0xFF;
        Assert.Equal("KH5410", Refused(_run.Path, broken).Code);
        Assert.Equal("KH5410", Refused(_run.Path, [0, 1, 2, 3]).Code);
    }

    [Fact]
    public void The_import_of_any_bytes_is_a_result_or_a_refusal()
    {
        string fresh = _run.Copy("fresh.study");
        Annotate();
        byte[] exported = AnnotationStoreTests.Export(_run.Path);
        var random = new Random(5);
        int refusals = 0;
        for (int i = 0; i < 150; i++)
        {
            byte[] bytes = [.. exported];
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                Import(fresh, bytes[..(random.Next(3) == 0 ? random.Next(bytes.Length) : bytes.Length)]);
            }
            catch (InputRefusedException refused)
            {
                Assert.Matches("^KH541[0-2]$", refused.Code);
                refusals++;
            }
        }

        Assert.True(refusals > 70);
    }

    private void Annotate()
    {
        AnnotationProject project = _run.Project();
        Sheet sheet = project.Sheets.First(sheet => sheet.Kind == SheetKind.True);
        _run.Save(Saving("ana", sheet, 1, done: true, Pattern("rivers", PatternKind.Semantic, 0, 1, 2), Pattern("\u2028<b>\u202e", PatternKind.Shallow)));
        _run.Clock.Now += TimeSpan.FromSeconds(1.5);
        _run.Save(Saving("ana", project.Sheets[^1], 4, done: false) with { Note = "??\n" });
        _run.Save(Saving("Бен", sheet, 1, done: true, Pattern("größe", PatternKind.Syntactic, 3, 4, 9)));
        using Study study = _run.Open();
        _run.Store.AddLabel(study, new NeuronId(2, 5), "dora", "free, \"ö\"", PatternKind.Semantic, "k");
        _run.Store.OpenResults();
    }

    private static ImportResult Import(string path, byte[] bytes)
    {
        using Study study = Study.Open(path);
        using MemoryStream stream = new(bytes);
        return AnnotationImport.Run(new AnnotationStore(path), study, "a.jsonl", stream);
    }

    private static InputRefusedException Refused(string path, byte[] bytes) => Assert.Throws<InputRefusedException>(() => Import(path, bytes));
}
