using System.Collections.Concurrent;
using Keyhole.Annotations;
using Keyhole.Engine;
using Keyhole.Memories;
using Keyhole.Mining;
using Keyhole.Search;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;
using Keyhole.Studies.Merging;
using Keyhole.Tests.Mining;
using Keyhole.Verification.Studies;
using Microsoft.Data.Sqlite;
using Xunit;
using static Keyhole.Tests.Annotations.AnnotatedRun;

namespace Keyhole.Tests.Annotations;

public sealed class AnnotationStoreTests : IDisposable
{
    private readonly AnnotatedRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void What_is_saved_is_read_back_and_a_later_save_takes_its_place()
    {
        Sheet sheet = _run.Project().Sheets[0];
        Assert.Equal(new SaveResult(SaveOutcome.Saved, 1), _run.Save(Saving("ana", sheet, 1, done: false, Pattern("ends in 'at'", PatternKind.Shallow, 0, 3, 5))));
        DateTime begun = _run.Clock.Now.UtcDateTime;
        _run.Clock.Now += TimeSpan.FromMinutes(5);
        AnnotationSave second = Saving(" ana ", sheet, 2, done: true, Pattern("animals", PatternKind.Semantic, 1, 2), Pattern("ends in 'at'", PatternKind.Shallow, 5, 0, 3)) with { Note = "n\n\"ö\"" };
        Assert.Equal(SaveOutcome.Saved, _run.Save(second).Outcome);

        Annotation kept = Assert.Single(Read(_run.Path));
        Assert.Equal(("ana", sheet.Id, 2, true, "n\n\"ö\""), (kept.Annotator, kept.Sheet, kept.Revision, kept.Done, kept.Note));
        Assert.Equal([Pattern("animals", PatternKind.Semantic, 1, 2), Pattern("ends in 'at'", PatternKind.Shallow, 0, 3, 5)], kept.Patterns);
        Assert.Equal((begun, begun.AddMinutes(5)), (kept.Begun, kept.Saved));
        Assert.False(kept.Patterns[0].Counts);
        using Study study = _run.Open();
        Annotation? one = AnnotationTable.Read(study, "ana", sheet.Id);
        Assert.True(one!.SaysTheSame(kept));
        Assert.Null(AnnotationTable.Read(study, "ben", sheet.Id));
        Assert.Equal([("ana", sheet.Id, true)], AnnotationTable.Progress(study));
    }

    [Fact]
    public void A_repeat_changes_nothing_and_an_older_save_is_told_apart()
    {
        Sheet sheet = _run.Project().Sheets[1];
        AnnotationSave first = Saving("ana", sheet, 1, done: false, Pattern("a", PatternKind.Shallow, 0, 1, 2));
        AnnotationSave second = Saving("ana", sheet, 2, done: false, Pattern("b", PatternKind.Shallow, 0, 1, 2));
        _run.Save(first);
        _run.Save(second);
        Assert.Equal(new SaveResult(SaveOutcome.Repeated, 2), _run.Save(second));
        Assert.Equal(new SaveResult(SaveOutcome.Older, 2), _run.Save(first));
        Assert.Equal(new SaveResult(SaveOutcome.Older, 2), _run.Save(second with { Key = "another-tab" }));
        Assert.Equal("b", Assert.Single(Assert.Single(Read(_run.Path)).Patterns).Text);
        Assert.Equal(1, Count("SELECT count(*) FROM label"));
        Assert.Equal(1, Count("SELECT count(*) FROM label_text WHERE label_text MATCH 'b'"));
        Assert.Equal(0, Count("SELECT count(*) FROM label_text WHERE label_text MATCH 'a'"));
    }

    [Fact]
    public void What_cannot_be_kept_is_refused_with_a_sentence_and_does_not_touch_others()
    {
        Sheet sheet = _run.Project().Sheets[0];
        AnnotationSave good = Saving("ana", sheet, 1, done: true, Pattern("p", PatternKind.Semantic, 0, 1, 2));
        (AnnotationSave Save, string Code)[] bad =
        [
            (good with { Sheet = "00000000000000000000" }, "KH5407"),
            (good with { Annotator = " " }, "KH5403"),
            (good with { Annotator = new string('x', 65) }, "KH5403"),
            (good with { Annotator = "a\u0007" }, "KH5403"),
            (good with { Annotator = "\ud800" }, "KH5403"),
            (good with { Revision = 0 }, "KH5403"),
            (good with { Key = "" }, "KH5403"),
            (good with { Key = "a b" }, "KH5403"),
            (good with { Note = new string('x', 4001) }, "KH5403"),
            (good with { Note = "a\0" }, "KH5403"),
            (good with { Patterns = [Pattern(" ", PatternKind.Shallow, 0)] }, "KH5403"),
            (good with { Patterns = [Pattern(new string('x', 501), PatternKind.Shallow, 0)] }, "KH5403"),
            (good with { Patterns = [Pattern("p", (PatternKind)7, 0)] }, "KH5403"),
            (good with { Patterns = [Pattern("p", PatternKind.Shallow, 10)] }, "KH5403"),
            (good with { Patterns = [Pattern("p", PatternKind.Shallow, -1)] }, "KH5403"),
            (good with { Patterns = [Pattern("p", PatternKind.Shallow, 1, 1)] }, "KH5403"),
            (good with { Patterns = [.. Enumerable.Repeat(Pattern("p", PatternKind.Shallow, 1), 51)] }, "KH5403"),
            (good with { Patterns = [null!] }, "KH5403"),
            (good with { Patterns = default }, "KH5403"),
        ];
        IReadOnlyList<SaveResult> results = _run.Store.Save([.. bad.Select(one => one.Save), good]);
        foreach (((_, string code), SaveResult result) in bad.Zip(results))
        {
            Assert.Equal(SaveOutcome.Refused, result.Outcome);
            Assert.Equal(code, result.Refusal!.Code);
        }

        Assert.Equal(SaveOutcome.Saved, results[^1].Outcome);
        Assert.Single(Read(_run.Path));
    }

    [Fact]
    public void A_pattern_may_be_without_words_until_the_sheet_is_done()
    {
        Sheet sheet = _run.Project().Sheets.First(sheet => sheet.Kind == SheetKind.True);
        Assert.Equal(SaveOutcome.Saved, _run.Save(Saving("ana", sheet, 1, done: false, Pattern("  ", PatternKind.Shallow, 0, 1))).Outcome);
        Assert.Equal("", Read(_run.Path).Single().Patterns.Single().Text);
        Assert.Equal(SaveOutcome.Refused, _run.Save(Saving("ana", sheet, 2, done: true, Pattern("  ", PatternKind.Shallow, 0, 1))).Outcome);
        _run.Store.OpenResults();
        using Study study = _run.Open();
        Assert.False(LabelTable.Any(study));
    }

    [Fact]
    public void Fifty_annotators_at_once_lose_nothing()
    {
        const int Annotators = 50;
        const int Saves = 12;
        Sheet[] sheets = [.. _run.Project().Sheets.Take(2)];
        ConcurrentBag<SaveOutcome> outcomes = [];
        Parallel.For(0, Annotators, new ParallelOptions { MaxDegreeOfParallelism = Annotators }, annotator =>
        {
            for (int save = 1; save <= Saves; save++)
            {
                AnnotationSave one = Saving($"a{annotator}", sheets[save % 2], (save + 1) / 2, done: save > 10, Pattern($"pattern {save}", PatternKind.Shallow, 0, 1, 2));
                outcomes.Add(_run.Save(one).Outcome);
                outcomes.Add(_run.Save(one).Outcome);   // an answer that got lost
            }
        });
        Assert.Equal(Annotators * Saves, outcomes.Count(outcome => outcome == SaveOutcome.Saved));
        Assert.Equal(Annotators * Saves, outcomes.Count(outcome => outcome == SaveOutcome.Repeated));
        Assert.Equal(Annotators * 2, Read(_run.Path).Length);
        Assert.All(Read(_run.Path), annotation => Assert.Equal((6, 1), (annotation.Revision, annotation.Patterns.Length)));
        Assert.Equal(Annotators * 2, Count("SELECT count(*) FROM label"));
    }

    [Fact]
    public void A_process_that_dies_in_a_transaction_leaves_the_study_as_it_was()
    {
        Sheet sheet = _run.Project().Sheets[0];
        _run.Save(Saving("ana", sheet, 1, done: true, Pattern("kept", PatternKind.Shallow, 0, 1, 2)));

        // What a killed process leaves: pages that were written before the commit, and the journal with the old ones.
        string crashed = _run.File("crashed.study");
        using (StudyEditor editor = StudyEditor.Open(_run.Path, spills: true))
        {
            editor.Execute("PRAGMA cache_size = 1");
            using SqliteCommand note = editor.Prepare("UPDATE annotation SET note = $a, revision = 9");
            editor.Run(note, new string('x', 3_000_000));
            File.Copy(_run.Path, crashed);
            File.Copy(_run.Path + "-journal", crashed + "-journal");
        }

        Annotation kept = Assert.Single(Read(crashed));
        Assert.Equal((1, "", "kept"), (kept.Revision, kept.Note, kept.Patterns.Single().Text));
        Assert.False(File.Exists(crashed + "-journal"));
    }

    [Fact]
    public void A_project_with_annotations_is_not_replaced_until_they_are_cleared()
    {
        AnnotationProject project = _run.Project();
        _run.Save(Saving("ana", project.Sheets[0], 1, done: false));
        Assert.Equal("KH5404", Assert.Throws<InputRefusedException>(() => _run.Project()).Code);
        using (Study study = _run.Open())
        {
            Assert.Equal(project.Sheets.Select(sheet => sheet.Id), AnnotationTable.Project(study)!.Sheets.Select(sheet => sheet.Id));
        }

        StudyContent before = StudyContent.Of(_run.Path);
        _run.Store.Clear();
        Assert.Throws<Xunit.Sdk.EqualException>(() => before.AssertSame(StudyContent.Of(_run.Path)));
        using Study cleared = _run.Open();
        Assert.Null(AnnotationTable.Project(cleared));
        Assert.Empty(AnnotationTable.Read(cleared));
        Assert.False(AnnotationExport.HasContent(cleared));
    }

    [Fact]
    public void A_study_that_cannot_be_written_refuses_saves_and_goes_on_being_read()
    {
        Assert.SkipWhen(Environment.UserName == "root" && !OperatingSystem.IsLinux(), "needs a file that cannot be written");
        AnnotationProject project = _run.Project();
        _run.Save(Saving("ana", project.Sheets[0], 1, done: true));

        // Root may write what is read-only: a folder in the place of the journal stops SQLite all the same.
        Directory.CreateDirectory(_run.Path + "-journal");
        try
        {
            StudyNotWrittenException refused = Assert.Throws<StudyNotWrittenException>(() => _run.Save(Saving("ana", project.Sheets[0], 2, done: true)));
            Assert.Equal("KH5112", refused.Code);
            Assert.Contains("could not be written", refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(_run.Path + "-journal");
        }

        Assert.Equal(1, Assert.Single(Read(_run.Path)).Revision);
    }

    [Fact]
    public void Another_writer_is_waited_for_and_then_told()
    {
        AnnotationProject project = _run.Project();
        using (StudyEditor busy = StudyEditor.Open(_run.Path))
        {
            InputRefusedException refused = Assert.Throws<InputRefusedException>(() => _run.Save(Saving("ana", project.Sheets[0], 1, done: true)));
            Assert.Equal("KH5113", refused.Code);
        }

        Assert.Equal(SaveOutcome.Saved, _run.Save(Saving("ana", project.Sheets[0], 1, done: true)).Outcome);
    }

    [Fact]
    public void An_analysis_leaves_annotations_and_annotations_leave_the_rest()
    {
        StudyContent before = StudyContent.Of(_run.Path);
        AnnotationProject project = _run.Project();
        _run.Save(Saving("ana", project.Sheets[0], 1, done: true, Pattern("p", PatternKind.Shallow, 0, 1, 2)));
        using (StudyEditor editor = StudyEditor.Open(_run.Path))
        {
            using Study study = _run.Open();
            TriggerIndex.Write(editor, study);
            AnalysisSections.Write(editor, AnalysisSections.Values, new Dictionary<string, string>());
            editor.Commit();
        }

        Assert.Equal("p", Read(_run.Path).Single().Patterns.Single().Text);
        _run.Store.Clear();
        using (StudyEditor editor = StudyEditor.Open(_run.Path))
        {
            editor.Execute("DROP TABLE trigger_text; DROP TABLE trigger_unit; DROP TABLE analysis");
            editor.Commit();
        }

        before.AssertSame(StudyContent.Of(_run.Path));
    }

    [Fact]
    public void A_study_with_annotations_is_verified_and_resumed_like_any_other()
    {
        AnnotationProject project = _run.Project();
        _run.Save(Saving("ana", project.Sheets[0], 1, done: true, Pattern("p", PatternKind.Shallow, 0, 1, 2)));
        StudyVerdict verdict = StudyVerification.Run(new StudyVerificationOptions { Study = _run.Path, Full = true, Threads = 2 });
        Assert.True(verdict.IsVerified);
        using var miner = new Miner(_run.Options with { Resume = true });
        Assert.True(miner.Run().WasFinished);
        Assert.Single(Read(_run.Path));
    }

    [Fact]
    public void A_study_that_is_mined_again_leaves_its_annotations_in_a_file_that_brings_them_back()
    {
        AnnotationProject project = _run.Project();
        _run.Save(Saving("ana", project.Sheets[0], 1, done: true, Pattern("p", PatternKind.Shallow, 0, 1, 2)));
        byte[] exported = Export(_run.Path);
        string file = AnnotationRescue.FileOf(_run.Path)!;
        TinyRun.Mine(_run.Options with { Overwrite = true }).Dispose();
        Assert.Empty(Read(_run.Path));
        Assert.Null(AnnotationRescue.FileOf(_run.Path));
        Assert.Equal(exported, File.ReadAllBytes(file));

        using (Study study = _run.Open())
        using (FileStream stream = File.OpenRead(file))
        {
            Assert.Equal(new ImportResult(true, 1, 0, 0, 0, 0), AnnotationImport.Run(_run.Store, study, file, stream));
        }

        Assert.Equal(exported, Export(_run.Path));
        string second = AnnotationRescue.FileOf(_run.Path)!;
        Assert.NotEqual(file, second);   // the first is never replaced
    }

    [Fact]
    public void A_merged_study_says_which_of_its_parts_keep_annotations()
    {
        string[] shards = [.. Enumerable.Range(0, 2).Select(part =>
        {
            MiningOptions options = _run.Options with { Output = _run.File($"shard-{part}"), Shard = new CorpusShard(part, 2) };
            TinyRun.Mine(options).Dispose();
            return options.Output;
        })];
        using (Study study = Study.Open(shards[1]))
        {
            new AnnotationStore(shards[1]).AddLabel(study, new NeuronId(0, 1), "ana", "cats", PatternKind.Semantic, "k");
        }

        string merged = _run.File("merged");
        using (var merger = new StudyMerger(new MergeOptions { Shards = shards, Output = merged, Threads = 2 }))
        {
            Assert.Equal([shards[1]], merger.Run().Annotated);
        }

        using Study whole = Study.Open(merged);
        Assert.False(AnnotationExport.HasContent(whole));
        using Study kept = Study.Open(shards[1]);
        Assert.Equal("cats", Assert.Single(LabelTable.Read(kept)).Text);
    }

    internal static byte[] Export(string path)
    {
        using Study study = Study.Open(path);
        using MemoryStream stream = new();
        AnnotationExport.Write(study, stream);
        return stream.ToArray();
    }

    private long Count(string sql)
    {
        using Study study = _run.Open();
        return study.Query(sql, row => row.GetInt64(0)).Single();
    }
}
