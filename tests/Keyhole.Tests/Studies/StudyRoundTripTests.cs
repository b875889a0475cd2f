using Keyhole.Memories;
using Keyhole.Studies;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Keyhole.Tests.Studies;

public sealed class StudyRoundTripTests : IDisposable
{
    private readonly SampleStudy _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void Everything_reads_back()
    {
        const int Units = 1500;
        string path = _sample.PathOf("study.db");
        using (StudyWriter writer = StudyWriter.Create(path, overwrite: false))
        {
            writer.WriteFiles([new StudyFile(0, "a.txt", 10, new string('d', 64)), new StudyFile(1, "b/c.txt", 20, new string('e', 64))]);
            for (int i = 0; i < Units; i++)
            {
                writer.AppendUnit(SampleStudy.RandomUnit(i, 1));
            }

            writer.WriteTokenPieces(["a", "\0b", "\uFFFD", " 東", ""]);
            for (int i = 0; i < 50; i++)
            {
                writer.WriteMemory(Id(i), SampleStudy.Statistics(i, gated: true), Triggers(i), Triggers(i + 1000));
            }

            writer.WriteProvenance(SampleStudy.Provenance(gated: true));
            Assert.False(File.Exists(path));
            writer.Complete();
        }

        Assert.Equal([path], Directory.GetFiles(_sample.Folder));
        using Study study = Study.Open(path);
        Assert.Equal(Units, study.UnitCount);
        Assert.Equal(["a.txt", "b/c.txt"], study.Files.Select(file => file.Path));
        Assert.Equal(20, study.Files[1].Bytes);
        StudyUnit[] units = [.. study.Units()];
        Assert.Equal(Units, units.Length);
        Random random = new(2);
        for (int i = 0; i < Units; i++)
        {
            AssertEqual(SampleStudy.RandomUnit(i, 1), units[i]);
            int any = random.Next(Units);
            AssertEqual(SampleStudy.RandomUnit(any, 1), study.Unit(any));
        }

        Assert.Equal("a", study.TokenPiece(0));
        Assert.Equal("\0b", study.TokenPiece(1));
        Assert.Equal("", study.TokenPiece(4));
        Assert.Null(study.TokenPiece(5));
        MemoryRecord[] memories = [.. study.Memories()];
        Assert.Equal(Enumerable.Range(0, 50).Select(Id), memories.Select(memory => memory.Id));
        for (int i = 0; i < 50; i++)
        {
            foreach (MemoryRecord memory in (MemoryRecord[])[memories[i], study.Memory(Id(i))!])
            {
                Assert.Equal(Triggers(i), memory.Positive);
                Assert.Equal(Triggers(i + 1000), memory.Triggers(Pole.Negative));
                Assert.Equal(SampleStudy.Statistics(i, gated: true).Sum4, memory.Statistics.Sum4);
                Assert.Equal(SampleStudy.Statistics(i, gated: true).SignCases, memory.Statistics.SignCases);
            }
        }

        Assert.Null(study.Memory(new NeuronId(77, 0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => study.Unit(Units));
        Assert.Throws<ArgumentOutOfRangeException>(() => study.Unit(-1));
        StudyCounts counts = study.Counts();
        Assert.Equal(new StudyCounts(Units, units.Sum(unit => unit.Tokens.Length), 12345, 50, memories.Count(memory => memory.Positive.IsEmpty && memory.Negative.IsEmpty),
            memories.Sum(memory => memory.Positive.Length + memory.Negative.Length)), counts);
        Assert.True(counts.DeadMemories > 0);
    }

    [Fact]
    public void Provenance_reads_back()
    {
        string path = _sample.PathOf("study.db");
        using (StudyWriter writer = StudyWriter.Create(path, overwrite: false))
        {
            writer.WriteProvenance(SampleStudy.Provenance(threads: 99));
            writer.WriteProvenance(SampleStudy.Provenance(gated: true, experts: 3));
            writer.Complete();
        }

        using Study study = Study.Open(path);
        StudyProvenance written = SampleStudy.Provenance(gated: true, experts: 3);
        StudyProvenance read = study.Provenance;
        Assert.Equal((written.ProgramVersion, written.ModelPath, written.ModelFamily, written.WeightsSha256, written.TokenizerSha256, written.CorpusSha256, written.Candidates),
            (read.ProgramVersion, read.ModelPath, read.ModelFamily, read.WeightsSha256, read.TokenizerSha256, read.CorpusSha256, read.Candidates));
        Assert.Equal(written.Options, read.Options);
        Assert.Equal(written.Run.Options, read.Run.Options);
        Assert.Equal((written.Run.Started, written.Run.Finished, 2, "AVX2"), (read.Run.Started, read.Run.Finished, read.Run.Threads, read.Run.InstructionSet));
        Assert.Equal([8, 0, 8], study.Shape.Widths);
        Assert.Equal((3, 4, true, "silu", 9, 3), (study.Shape.Layers, study.Shape.ModelWidth, study.Shape.Gated, study.Shape.Activation, study.Shape.VocabularySize, study.Shape.Experts));
        Assert.Equal(0, study.Counts().Triggers);
        Assert.Empty(study.Units());
    }

    [Fact]
    public void Units_may_leave_gaps_and_be_long()
    {
        string path = _sample.PathOf("study.db");
        string?[] longText = [.. Enumerable.Repeat(" abcdefghij", 60_000)];
        using (StudyWriter writer = StudyWriter.Create(path, overwrite: false))
        {
            writer.WriteProvenance(SampleStudy.Provenance());
            writer.AppendUnit(SampleStudy.Unit(3, "one"));
            writer.AppendUnit(SampleStudy.Unit(8, longText));
            writer.AppendUnit(SampleStudy.Unit(2_000_000_000, "two"));
            writer.Complete();
        }

        using Study study = Study.Open(path);
        Assert.Equal([3, 8, 2_000_000_000], study.Units().Select(unit => unit.Index));
        Assert.Equal("two", study.Unit(2_000_000_000).Text);
        Assert.Equal(660_000, study.Unit(8).Text.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => study.Unit(4));
        Assert.Throws<ArgumentOutOfRangeException>(() => study.Unit(0));
    }

    [Fact]
    public void The_same_input_gives_the_same_rows_whatever_the_order_of_calls()
    {
        string first = _sample.PathOf("first.db");
        string second = _sample.PathOf("second.db");
        Write(first, memoriesFirst: false, threads: 1);
        Write(second, memoriesFirst: true, threads: 2);
        string[] differing = [.. Rows(first).Except(Rows(second))];
        Assert.Equal(["provenance|run.threads|1"], differing);

        void Write(string path, bool memoriesFirst, int threads)
        {
            using StudyWriter writer = StudyWriter.Create(path, overwrite: false);
            Action[] steps =
            [
                () => writer.WriteFiles([new StudyFile(0, "a.txt", 10, new string('d', 64))]),
                () => Enumerable.Range(0, 700).ToList().ForEach(i => writer.AppendUnit(SampleStudy.RandomUnit(i, 4))),
                () => writer.WriteTokenPieces(["x", "y"]),
                () => Enumerable.Range(0, 20).ToList().ForEach(i => writer.WriteMemory(Id(i), SampleStudy.Statistics(i), Triggers(i), [])),
                () => writer.WriteProvenance(SampleStudy.Provenance(threads: threads)),
            ];
            foreach (Action step in memoriesFirst ? steps.Reverse() : steps)
            {
                step();
            }

            writer.Complete();
        }
    }

    // A plain layer of 20, then layers of two experts with 10 each.
    private static NeuronId Id(int i) => i < 20 ? new NeuronId(0, i) : new NeuronId(i / 20, i % 10, i / 10 % 2);

    // Those of memory seed, or seed - 1000 on its other pole: the first twenty have no router.
    private static Trigger[] Triggers(int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, random.Next(0, 3) * random.Next(0, 15))
            .Select(_ => new Trigger((float)random.NextDouble(), random.Next(2) == 0 ? float.NaN : -1.5f, random.Next(700), random.Next(300), random.Next(-1, 100_000), seed % 1000 < 20 ? 1 : random.NextSingle()))
            .Order(TriggerOrder.Instance)];
    }

    private static List<string> Rows(string path)
    {
        using SqliteConnection connection = new($"Data Source={path};Mode=ReadOnly;Pooling=False");
        connection.Open();
        List<string> rows = [];
        foreach (string table in (string[])["provenance", "file", "unit_block", "token", "memory"])
        {
            using SqliteCommand select = connection.CreateCommand();
            select.CommandText = "SELECT * FROM " + table + " ORDER BY 1";
            using SqliteDataReader reader = select.ExecuteReader();
            while (reader.Read())
            {
                rows.Add(table + "|" + string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i) is byte[] bytes ? Convert.ToHexString(bytes) : $"{reader.GetValue(i)}")));
            }
        }

        return rows;
    }

    private static void AssertEqual(StudyUnit expected, StudyUnit actual)
    {
        Assert.Equal((expected.Index, expected.File, expected.Offset, expected.Length, expected.Text, expected.Traits),
            (actual.Index, actual.File, actual.Offset, actual.Length, actual.Text, actual.Traits));
        Assert.Equal(expected.Tokens, actual.Tokens);
        Assert.Equal(expected.Spans, actual.Spans);
    }
}
