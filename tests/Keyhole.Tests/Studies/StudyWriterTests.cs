using Keyhole.Engine;
using Keyhole.Memories;
using Keyhole.Studies;
using Xunit;

namespace Keyhole.Tests.Studies;

public sealed class StudyWriterTests : IDisposable
{
    private readonly SampleStudy _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void Without_complete_nothing_is_left()
    {
        using (StudyWriter writer = StudyWriter.Create(_sample.PathOf("study.db"), overwrite: false))
        {
            writer.AppendUnit(SampleStudy.Unit(0, "a"));
            Assert.Equal([_sample.PathOf("study.db.partial")], Directory.GetFiles(_sample.Folder));
        }

        Assert.Empty(Directory.GetFileSystemEntries(_sample.Folder));
    }

    [Fact]
    public void An_existing_file_is_kept_unless_it_may_be_replaced()
    {
        string path = _sample.PathOf("study.db");
        File.WriteAllText(path, "precious");
        InputRefusedException refused = Assert.Throws<InputRefusedException>(() => StudyWriter.Create(path, overwrite: false));
        Assert.Equal("KH5110", refused.Code);
        using (StudyWriter.Create(path, overwrite: true))
        {
            Assert.Equal("precious", File.ReadAllText(path));
        }

        Assert.Equal("precious", File.ReadAllText(path));
        using (StudyWriter writer = StudyWriter.Create(path, overwrite: true))
        {
            writer.WriteProvenance(SampleStudy.Provenance());
            writer.Complete();
        }

        using Study study = Study.Open(path);
        Assert.Equal(0, study.UnitCount);
    }

    [Fact]
    public void A_file_that_appears_meanwhile_is_kept()
    {
        string path = _sample.PathOf("study.db");
        using (StudyWriter writer = StudyWriter.Create(path, overwrite: false))
        {
            writer.WriteProvenance(SampleStudy.Provenance());
            File.WriteAllText(path, "precious");
            Assert.Equal("KH5110", Assert.Throws<InputRefusedException>(writer.Complete).Code);
        }

        Assert.Equal("precious", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_sample.Folder));
    }

    [Fact]
    public void Two_runs_cannot_write_the_same_study()
    {
        string path = _sample.PathOf("study.db");
        using StudyWriter first = StudyWriter.Create(path, overwrite: false);
        Assert.Equal("KH5113", Assert.Throws<InputRefusedException>(() => StudyWriter.Create(path, overwrite: false)).Code);
        first.WriteProvenance(SampleStudy.Provenance());
        first.Complete();
        using Study study = Study.Open(path);
        Assert.Equal(0, study.UnitCount);
    }

    [Theory]
    [InlineData("left by something else")]
    [InlineData("")]
    public void What_a_killed_run_left_is_replaced(string left)
    {
        string path = _sample.PathOf("study.db");
        File.WriteAllText(path + ".partial", left);
        using (StudyWriter writer = StudyWriter.Create(path, overwrite: false))
        {
            writer.WriteProvenance(SampleStudy.Provenance());
            writer.Complete();
        }

        Assert.Equal([path], Directory.GetFiles(_sample.Folder));
    }

    [Fact]
    public void A_full_disk_is_one_sentence_and_leaves_nothing()
    {
        string path = _sample.PathOf("study.db");
        StudyNotWrittenException refused = Assert.Throws<StudyNotWrittenException>(() =>
        {
            using StudyWriter writer = StudyWriter.Create(path, overwrite: false, maxPages: 40);
            writer.WriteProvenance(SampleStudy.Provenance());
            for (int i = 0; i < 20_000; i++)
            {
                writer.AppendUnit(SampleStudy.RandomUnit(i, 1));
            }

            writer.Complete();
        });
        Assert.Equal("KH5112", refused.Code);
        Assert.Contains("disk is full", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_sample.Folder));
    }

    [Fact]
    public void Folders_that_cannot_be_written_are_refused()
    {
        Assert.Equal("KH5111", Assert.Throws<InputRefusedException>(() => StudyWriter.Create(_sample.Folder, overwrite: true)).Code);
        Assert.Equal("KH5111", Assert.Throws<InputRefusedException>(() => StudyWriter.Create(_sample.PathOf("no/such/study.db"), overwrite: false)).Code);
        Assert.Equal("KH5111", Assert.Throws<InputRefusedException>(() => StudyWriter.RequireFree(_sample.PathOf("no/such/study.db"), overwrite: true)).Code);
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The test needs a folder that nobody may write: Linux has /proc.");
        Assert.Equal("KH5111", Assert.Throws<InputRefusedException>(() => StudyWriter.Create("/dev/null", overwrite: true)).Code);
        StudyNotWrittenException refused = Assert.Throws<StudyNotWrittenException>(() => StudyWriter.Create("/proc/study.db", overwrite: false));
        Assert.Equal("KH5112", refused.Code);
        Assert.Contains("/proc/study.db", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Calls_out_of_order_are_refused()
    {
        using StudyWriter writer = StudyWriter.Create(_sample.PathOf("study.db"), overwrite: false);
        writer.AppendUnit(SampleStudy.Unit(4, "a"));
        Assert.Throws<ArgumentException>(() => writer.AppendUnit(SampleStudy.Unit(4, "b")));
        Assert.Throws<ArgumentException>(() => writer.WriteFiles([new StudyFile(0, Path.GetFullPath("a.txt"), 1, "")]));
        NeuronStatistics statistics = SampleStudy.Statistics(1);
        writer.WriteMemory(new NeuronId(1, 5), statistics, [], []);
        Assert.Throws<ArgumentException>(() => writer.WriteMemory(new NeuronId(1, 4), statistics, [], []));
        Assert.Throws<ArgumentException>(() => writer.WriteMemory(new NeuronId(1, 6), statistics, [new Trigger(float.NaN, 0, 0, 0, 0)], []));
        Assert.Throws<ArgumentException>(() => writer.WriteMemory(new NeuronId(1, 6), statistics, [new Trigger(1, 0, -1, 0, 0)], []));
        Assert.Throws<InvalidOperationException>(writer.Complete);   // no provenance
        writer.WriteProvenance(SampleStudy.Provenance());
        writer.WriteMemory(new NeuronId(1, 6), statistics, [new Trigger(1, float.NaN, 5, 0, 0)], []);
        Assert.Throws<InvalidOperationException>(writer.Complete);   // unit 5 is missing
        writer.AppendUnit(SampleStudy.Unit(5, "b"));
        writer.Complete();
        Assert.Throws<InvalidOperationException>(() => writer.AppendUnit(SampleStudy.Unit(6, "c")));
    }
}
