using Keyhole.Engine;
using Keyhole.Memories;
using Keyhole.Studies;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Keyhole.Tests.Studies;

public sealed class StudyRefusalTests : IDisposable
{
    private readonly SampleStudy _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void What_is_no_study_is_refused()
    {
        Refused("KH5101", _sample.PathOf("missing.db"));
        Refused("KH5102", _sample.Folder);
        string path = _sample.PathOf("file");
        File.WriteAllBytes(path, []);
        Refused("KH5102", path);
        File.WriteAllText(path, "SQLite format 2\0" + new string('x', 4000));
        Refused("KH5102", path);
        File.Delete(path);
        using (SqliteConnection other = new($"Data Source={path};Pooling=False"))
        {
            other.Open();
            using SqliteCommand create = other.CreateCommand();
            create.CommandText = "CREATE TABLE memory (id INTEGER)";
            create.ExecuteNonQuery();
        }

        Refused("KH5102", path);
    }

    [Fact]
    public void A_half_written_study_is_refused()
    {
        string copy = _sample.PathOf("copy.db");
        using (StudyWriter writer = StudyWriter.Create(_sample.PathOf("study.db"), overwrite: false, maxPages: null))
        {
            for (int i = 0; i < 20_000; i++)
            {
                writer.AppendUnit(SampleStudy.RandomUnit(i, 1));   // far more than SQLite's cache: most is on the disk by now
            }

            File.Copy(_sample.PathOf("study.db.partial"), copy);
        }

        InputRefusedException refused = Assert.Throws<InputRefusedException>(() => Study.Open(copy));
        Assert.Contains(refused.Code, (string[])["KH5102", "KH5103"]);
        string whole = Whole();
        Change(whole, "PRAGMA user_version = 0");
        Refused("KH5103", whole);
    }

    [Fact]
    public void Another_version_or_a_missing_part_is_refused()
    {
        string path = Whole();
        Change(path, "PRAGMA user_version = 1");
        Study.Open(path).Dispose();   // the first version: what it holds is as it was
        Change(path, $"PRAGMA user_version = {StudySchema.Version + 1}");
        Refused("KH5104", path);
        foreach (string change in (string[])
        [
            "DROP TABLE unit_block", "DROP TABLE memory", "DROP TABLE provenance", "DELETE FROM provenance WHERE key = 'count.units'",
            "UPDATE provenance SET value = 'many' WHERE key = 'run.threads'", "UPDATE provenance SET value = 'today' WHERE key = 'run.started'",
            "UPDATE provenance SET value = '1,-2' WHERE key = 'model.widths'", "ALTER TABLE memory RENAME COLUMN statistics TO other",
            "UPDATE provenance SET value = 'maybe' WHERE key = 'model.gated'",
        ])
        {
            path = Whole();
            Change(path, change);
            Refused("KH5105", path, readAll: true);
        }
    }

    [Fact]
    public void A_truncated_study_is_refused()
    {
        string path = Whole();
        byte[] bytes = File.ReadAllBytes(path);
        foreach (int length in (int[])[bytes.Length - 1, bytes.Length / 2, 8192, 101])
        {
            File.WriteAllBytes(path, bytes[..length]);
            Refused("KH5105", path);
        }
    }

    [Fact]
    public void Damaged_values_are_refused_where_they_are_met()
    {
        foreach (string change in (string[])
        [
            "UPDATE unit_block SET zlib = x'00'", "UPDATE unit_block SET zlib = substr(zlib, 1, length(zlib) / 2)", "UPDATE unit_block SET raw_bytes = raw_bytes - 1",
            "UPDATE unit_block SET raw_bytes = raw_bytes + 1", "UPDATE unit_block SET units = units + 1", "UPDATE unit_block SET units = 0", "UPDATE unit_block SET units = 1e12",
            "UPDATE unit_block SET zlib = 'text'", "UPDATE memory SET positive = x'FFFFFFFF7F'", "UPDATE memory SET positive = x''", "UPDATE memory SET positive = positive || x'00'",
            "UPDATE memory SET statistics = x'02'", "UPDATE memory SET statistics = substr(statistics, 1, 20)", "UPDATE memory SET statistics = statistics || x'00'",
        ])
        {
            string path = Whole();
            Change(path, change);
            Refused("KH5105", path, readAll: true);
        }
    }

    [Fact]
    public void Random_damage_never_crashes()
    {
        string path = Whole();
        byte[] bytes = File.ReadAllBytes(path);
        Random random = new(31);
        int refused = 0;
        for (int repeat = 0; repeat < 300; repeat++)
        {
            byte[] damaged = [.. bytes];
            for (int i = 0; i < 20; i++)
            {
                damaged[random.Next(100, damaged.Length)] = (byte)random.Next(256);
            }

            File.WriteAllBytes(path, damaged);
            try
            {
                ReadAll(path);
            }
            catch (InputRefusedException refusal) when (refusal.Code == "KH5105")
            {
                refused++;
            }
        }

        Assert.True(refused > 50, $"{refused} of 300 were refused");
    }

    private string Whole()
    {
        string path = _sample.PathOf("whole.db");
        using StudyWriter writer = StudyWriter.Create(path, overwrite: true);
        writer.WriteProvenance(SampleStudy.Provenance());
        writer.WriteFiles([new StudyFile(0, "a.txt", 1, ""), new StudyFile(1, "b.txt", 1, "")]);
        writer.WriteTokenPieces(["a", "b"]);
        for (int i = 0; i < 600; i++)
        {
            writer.AppendUnit(SampleStudy.RandomUnit(i, 1));
        }

        writer.WriteMemory(new NeuronId(0, 0), SampleStudy.Statistics(1), [new Trigger(1, float.NaN, 3, 0, 5)], []);
        writer.Complete();
        return path;
    }

    private static void Change(string path, string sql)
    {
        using SqliteConnection connection = new($"Data Source={path};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static void Refused(string code, string path, bool readAll = false)
    {
        InputRefusedException refused = Assert.Throws<InputRefusedException>(() =>
        {
            if (readAll)
            {
                ReadAll(path);
            }
            else
            {
                Study.Open(path).Dispose();
            }
        });
        Assert.Equal(code, refused.Code);
        Assert.StartsWith(path, refused.Message, StringComparison.Ordinal);
    }

    private static void ReadAll(string path)
    {
        using Study study = Study.Open(path);
        int units = study.Units().Count();
        int memories = study.Memories().Count();
        string? piece = study.TokenPiece(1);
        StudyCounts counts = study.Counts();
        Assert.True(units >= 0 && memories >= 0 && piece != "never" && counts.Units >= 0);
    }
}
