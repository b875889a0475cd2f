using Keyhole.Engine;
using Keyhole.Studies;
using Xunit;

namespace Keyhole.Tests.Studies;

public sealed class StudyEditorTests : IDisposable
{
    private readonly SampleStudy _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void Nothing_changes_without_commit()
    {
        string path = _sample.Finished("study.db");
        byte[] before = File.ReadAllBytes(path);
        using (StudyEditor editor = StudyEditor.Open(path))
        {
            Fill(editor, rows: 5000);
        }

        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(_sample.Folder));
        using Study study = Study.Open(path);
        Assert.False(study.HasTable("extra"));
    }

    [Fact]
    public void Everything_stands_after_commit()
    {
        string path = _sample.Finished("study.db");
        using (Study early = Study.Open(path))
        {
            using (StudyEditor editor = StudyEditor.Open(path))
            {
                Fill(editor, rows: 5000);
                Assert.False(early.HasTable("extra"));
                editor.Commit();
            }

            Assert.True(early.HasTable("extra"));   // an open study sees the new table
        }

        Assert.Equal([path], Directory.GetFiles(_sample.Folder));
        using Study study = Study.Open(path);
        Assert.Equal((5000L, 5000L), study.Query("SELECT count(*), count(a) FILTER (WHERE b IS NULL) FROM extra", row => (row.GetInt64(0), row.GetInt64(1))).Single());
        Assert.Equal(1, study.UnitCount);
        Assert.Equal("ab", study.Unit(0).Text);
    }

    [Fact]
    public void A_second_writer_is_refused_and_the_first_goes_on()
    {
        string path = _sample.Finished("study.db");
        using StudyEditor first = StudyEditor.Open(path);
        Fill(first, rows: 10);
        InputRefusedException refused = Assert.Throws<InputRefusedException>(() => StudyEditor.Open(path));
        Assert.Equal("KH5113", refused.Code);
        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
        first.Commit();
        first.Dispose();
        using StudyEditor second = StudyEditor.Open(path);
        using Study study = Study.Open(path);
        Assert.Equal(10L, study.Query("SELECT count(*) FROM extra", row => row.GetInt64(0)).Single());
    }

    [Fact]
    public void A_file_that_may_not_be_written_is_left_alone()
    {
        string path = _sample.Finished("study.db");
        byte[] before = File.ReadAllBytes(path);
        new FileInfo(path).IsReadOnly = true;
        Assert.SkipWhen(MayWrite(path), "This user may write any file, as root does; the test needs one who may not.");
        StudyNotWrittenException refused = Assert.Throws<StudyNotWrittenException>(() => StudyEditor.Open(path));
        Assert.Equal("KH5112", refused.Code);
        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(path));
        using Study study = Study.Open(path);
        Assert.Equal(1, study.UnitCount);
    }

    [Fact]
    public void A_write_that_is_refused_leaves_the_study_as_it_was()
    {
        string path = _sample.Finished("study.db");
        byte[] before = File.ReadAllBytes(path);
        using (StudyEditor editor = StudyEditor.Open(path))
        {
            editor.Execute("PRAGMA query_only = 1");   // the error that SQLite gives for a file it may only read, also for root
            StudyNotWrittenException refused = Assert.Throws<StudyNotWrittenException>(() => Fill(editor, rows: 1));
            Assert.Equal("KH5112", refused.Code);
            Assert.Contains(path, refused.Message, StringComparison.Ordinal);
        }

        Assert.Equal(before, File.ReadAllBytes(path));
    }

    [Fact]
    public void A_disk_that_fills_up_leaves_the_study_as_it_was()
    {
        string path = _sample.Finished("study.db");
        byte[] before = File.ReadAllBytes(path);
        using (StudyEditor editor = StudyEditor.Open(path))
        {
            editor.Execute("PRAGMA max_page_count = 40");
            StudyNotWrittenException refused = Assert.Throws<StudyNotWrittenException>(() => Fill(editor, rows: 50_000));
            Assert.Equal("KH5112", refused.Code);
            Assert.Contains("full", refused.Message, StringComparison.Ordinal);
        }

        Assert.Equal(before, File.ReadAllBytes(path));
    }

    [Fact]
    public void What_a_killed_run_left_is_rolled_back()
    {
        // A run that dies leaves its journal beside a file that is changed in part; whoever opens the study next puts the old pages back.
        string path = _sample.Finished("study.db");
        byte[] before = File.ReadAllBytes(path);
        string killed = _sample.PathOf("killed.db");
        using (StudyEditor editor = StudyEditor.Open(path, spills: true))
        {
            editor.Execute("PRAGMA cache_size = 1; UPDATE provenance SET value = value || 'x';");
            Fill(editor, rows: 20_000);
            File.Copy(path, killed);
            File.Copy(path + "-journal", killed + "-journal");
        }

        Assert.NotEqual(before, File.ReadAllBytes(killed));
        using (Study study = Study.Open(killed))
        {
            Assert.False(study.HasTable("extra"));
            Assert.Equal("ab", study.Unit(0).Text);
        }

        Assert.Equal(before, File.ReadAllBytes(killed));
        using StudyEditor again = StudyEditor.Open(killed);
        Fill(again, rows: 1);
        again.Commit();
    }

    [Fact]
    public void A_reader_of_a_study_that_is_being_written_is_told_so()
    {
        string path = _sample.Finished("study.db");
        using StudyEditor editor = StudyEditor.Open(path, spills: true);
        using Study before = Study.Open(path);
        Assert.Equal("ab", before.Unit(0).Text);
        editor.Execute("PRAGMA cache_size = 1");   // pages that leave the cache lock readers out, as a commit does
        Fill(editor, rows: 20_000);
        InputRefusedException refused = Assert.Throws<InputRefusedException>(() => before.HasTable("extra"));
        Assert.Equal("KH5113", refused.Code);
        editor.Dispose();
        Assert.False(before.HasTable("extra"));
    }

    [Fact]
    public void What_is_no_study_is_refused()
    {
        string path = _sample.PathOf("text.txt");
        Assert.Equal("KH5101", Assert.Throws<InputRefusedException>(() => StudyEditor.Open(path)).Code);
        File.WriteAllText(path, new string('x', 200));
        Assert.Equal("KH5102", Assert.Throws<InputRefusedException>(() => StudyEditor.Open(path)).Code);
        Assert.Equal(new string('x', 200), File.ReadAllText(path));
    }

    private static void Fill(StudyEditor editor, int rows)
    {
        editor.Execute("DROP TABLE IF EXISTS extra; CREATE TABLE extra (a INTEGER NOT NULL, b REAL)");
        using var insert = editor.Prepare("INSERT INTO extra (a, b) VALUES ($a, $b)");
        for (int row = 0; row < rows; row++)
        {
            editor.Run(insert, row, row % 2 == 0 ? double.NaN : null);
        }
    }

    private static bool MayWrite(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite);
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }
}
