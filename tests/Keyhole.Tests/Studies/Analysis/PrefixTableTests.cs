using Keyhole.Composition;
using Keyhole.Engine;
using Keyhole.Prompts;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;
using Keyhole.Tests.Composition;
using Xunit;

namespace Keyhole.Tests.Studies.Analysis;

/// <summary>Prefixes and prompts in a study.</summary>
public sealed class PrefixTableTests : IDisposable
{
    private static readonly Dictionary<string, string> s_options = new() { ["seed"] = "3", ["texts"] = "study's own" };

    private readonly SampleStudy _sample = new();
    private readonly string _path;

    public PrefixTableTests()
    {
        _path = _sample.PathOf("study.db");
        using StudyWriter writer = StudyWriter.Create(_path, overwrite: false);
        writer.WriteFiles([new StudyFile(0, "a.txt", 10, new string('d', 64))]);
        writer.WriteProvenance(SampleStudy.Provenance());
        writer.Complete();
    }

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void Prefixes_read_back()
    {
        using (Study before = Study.Open(_path))
        {
            Assert.Null(PrefixTable.Read(before));
        }

        Write(SampleTraces.Random(7, 2, seed: 1));   // is replaced
        PrefixTrace[] expected = SampleTraces.Random(40, 3, seed: 2);
        Write(expected);
        using Study study = Study.Open(_path);
        IReadOnlyList<PrefixTrace> got = PrefixTable.Read(study)!;
        Assert.Equal(expected.Length, got.Count);
        Assert.All(expected.Zip(got), pair =>
        {
            Assert.Equal(pair.First with { Layers = default }, pair.Second with { Layers = default });
            Assert.Equal(pair.First.Layers.AsEnumerable(), pair.Second.Layers.AsEnumerable());
        });
        Assert.Equal(s_options, AnalysisSections.Read(study, AnalysisSections.Prefixes));
        Assert.Equal(expected.Length * 4, study.Query("SELECT count(*) FROM prefix_layer", row => row.GetInt32(0)).Single());
    }

    [Fact]
    public void What_products_say_reads_back_and_goes_with_the_prefixes()
    {
        PrefixTrace[] linear = SampleTraces.Random(9, 2, seed: 5);
        PrefixTrace[] expected = [.. linear.Select((trace, i) => trace with { Layers = [.. trace.Layers.Select((layer, l) => layer with { ZeroAgreementOfProducts = (i + l) % 3 == 0 })] })];
        Write(expected);
        using (Study study = Study.Open(_path))
        {
            Assert.All(expected.Zip(PrefixTable.Read(study)!), pair => Assert.Equal(pair.First.Layers.AsEnumerable(), pair.Second.Layers.AsEnumerable()));
        }

        using (StudyEditor editor = StudyEditor.Open(_path))
        {
            editor.Execute("DELETE FROM prefix_product WHERE prefix = 3 AND layer = 1");
            editor.Commit();
        }

        using (Study damaged = Study.Open(_path))
        {
            Assert.Equal("KH5105", Assert.Throws<InputRefusedException>(() => PrefixTable.Read(damaged)).Code);
        }

        Write(linear);
        using Study again = Study.Open(_path);
        Assert.All(PrefixTable.Read(again)!.SelectMany(trace => trace.Layers), layer => Assert.Null(layer.ZeroAgreementOfProducts));
    }

    [Fact]
    public void A_missing_layer_is_damage()
    {
        Write(SampleTraces.Random(5, 3, seed: 2));
        using (StudyEditor editor = StudyEditor.Open(_path))
        {
            editor.Execute("DELETE FROM prefix_layer WHERE prefix = 2 AND layer = 3");
            editor.Commit();
        }

        using Study study = Study.Open(_path);
        Assert.Equal("KH5105", Assert.Throws<InputRefusedException>(() => PrefixTable.Read(study)).Code);
    }

    [Fact]
    public void Prompts_read_back()
    {
        var random = new Random(4);
        double Any() => random.Next(3) == 0 ? double.NaN : random.NextDouble();
        PromptTrace[] expected = [.. Enumerable.Range(0, 20).Select(i => new PromptTrace
        {
            Set = i % 2 == 0 ? "größe" : "b",
            Prompt = "prompt \n" + i,
            Answer = "answer",
            Subject = i % 3 == 0 ? null : "subject",
            AnswerToken = random.Next(100),
            AnswerIsCut = random.Next(2) == 0,
            Final = random.Next(100),
            Layers = [.. Enumerable.Range(0, 4).Select(_ => new PromptReading(random.Next(100), Any(), Any(), Any(), Any(), Any(), Any(), Any(), Any(), Any(), Any(), Any(), Any(), Any()))],
        })];
        using (StudyEditor editor = StudyEditor.Open(_path))
        {
            PromptTable.Write(editor, s_options, expected[..3]);
            PromptTable.Write(editor, s_options, expected);
            editor.Commit();
        }

        using Study study = Study.Open(_path);
        IReadOnlyList<PromptTrace> got = PromptTable.Read(study)!;
        Assert.Equal(expected.Length, got.Count);
        Assert.All(expected.Zip(got), pair =>
        {
            Assert.Equal(pair.First with { Layers = default }, pair.Second with { Layers = default });
            Assert.Equal(pair.First.Layers.AsEnumerable(), pair.Second.Layers.AsEnumerable());
        });
        Assert.Equal(s_options, AnalysisSections.Read(study, AnalysisSections.Prompts));
        Assert.Null(PrefixTable.Read(study));
    }

    private void Write(IReadOnlyList<PrefixTrace> traces)
    {
        using StudyEditor editor = StudyEditor.Open(_path);
        PrefixTable.Write(editor, s_options, traces);
        editor.Commit();
    }
}
