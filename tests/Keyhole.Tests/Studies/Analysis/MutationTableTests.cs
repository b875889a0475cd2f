using Keyhole.Engine;
using Keyhole.Memories;
using Keyhole.Mutations;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;
using Xunit;

namespace Keyhole.Tests.Studies.Analysis;

public sealed class MutationTableTests : IDisposable
{
    private static readonly MutationRecord[] s_mutations =
    [
        new(new NeuronId(7, 3), Pole.Positive, 12, 5, 2, 1.1f, float.Epsilon, 0, float.MaxValue),
        new(new NeuronId(0, 4, 2), Pole.Negative, 0, 2, 1, -0.1f, -3.3333333f, 1e-30f, -1),
        new(new NeuronId(7, 3), Pole.Positive, 12, 5, 2, 1.1f, 0.3f, 0, 1),
    ];

    private static readonly ReachRecord[] s_reach =
    [
        new(new NeuronId(7, 3), Pole.Positive, 12, 5, 2, 1.1f, float.Epsilon),
        new(new NeuronId(0, 4, 2), Pole.Negative, 0, 2, 0, -0.1f, 0.7f),
    ];

    private readonly SampleStudy _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void Records_come_back_as_they_were()
    {
        string path = _sample.Finished("study.db");
        using (Study before = Study.Open(path))
        {
            Assert.Null(MutationTable.Read(before));
            Assert.Null(ReachTable.Read(before));
        }

        Write(path, s_mutations, s_reach);
        using Study study = Study.Open(path);
        Assert.Equal(s_mutations, MutationTable.Read(study)!);
        Assert.Equal(s_reach, ReachTable.Read(study)!);
        Assert.Equal("20", AnalysisSections.Read(study, AnalysisSections.Mutations)!["memories"]);
        Assert.Equal("5", AnalysisSections.Read(study, AnalysisSections.Reach)!["memories"]);
    }

    [Fact]
    public void A_later_run_replaces_an_earlier_one()
    {
        string path = _sample.Finished("study.db");
        Write(path, s_mutations, s_reach);
        Write(path, s_mutations[..1], []);
        using Study study = Study.Open(path);
        Assert.Equal(s_mutations[..1], MutationTable.Read(study)!);
        Assert.Empty(ReachTable.Read(study)!);
    }

    [Theory]
    [InlineData("UPDATE mutation SET pole = 'up'")]
    [InlineData("UPDATE mutation SET unit = 1 << 40")]
    [InlineData("ALTER TABLE mutation RENAME COLUMN random TO other")]
    public void Damage_is_refused(string sql)
    {
        string path = _sample.Finished("study.db");
        Write(path, s_mutations, s_reach);
        using (StudyEditor editor = StudyEditor.Open(path))
        {
            editor.Execute(sql);
            editor.Commit();
        }

        using Study study = Study.Open(path);
        Assert.Equal("KH5105", Assert.Throws<InputRefusedException>(() => MutationTable.Read(study)).Code);
    }

    private static void Write(string path, MutationRecord[] mutations, ReachRecord[] reach)
    {
        using StudyEditor editor = StudyEditor.Open(path);
        MutationTable.Write(editor, new Dictionary<string, string> { ["memories"] = "20" }, mutations);
        ReachTable.Write(editor, new Dictionary<string, string> { ["memories"] = "5" }, reach);
        editor.Commit();
    }
}
