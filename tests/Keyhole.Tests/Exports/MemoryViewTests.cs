using System.Text.Json;
using Keyhole.Exports;
using Keyhole.Memories;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;
using Keyhole.Tests.Studies;
using Keyhole.Values;
using Xunit;

namespace Keyhole.Tests.Exports;

public sealed class MemoryViewTests : IDisposable
{
    private readonly SampleStudy _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void Plain_text_marks_the_last_token()
    {
        using Study study = SmallStudies.Plain(_sample);
        string text = MemoryView.Create(study, study.Memory(new NeuronId(0, 0))!, contextTokens: 3).Render();
        Assert.Equal("""
            L0N0
              positions        4
              mean             0.4375
              variance         0.4492
              skewness         0.6568
              excess kurtosis  -1.099
              min              -0.25
              max              1.5
              share positive   50%
              histogram        -0.25 █     █      █ █ 1.5
            positive pole: 3 triggers
                1.5  "Die [🙂] → ⇥Straße↵  (1:2)
                0.1  [The] →  cat  (0:1)
              1E-10  … 🙂⇥Straße↵ [東京]  (1:4)

            """, WithoutHistogram(text), ignoreLineEndingDifferences: false);
    }

    [Fact]
    public void A_gated_memory_shows_both_poles_and_a_dead_one_says_so()
    {
        using Study study = SmallStudies.Gated(_sample);
        string text = MemoryView.Create(study, study.Memory(new NeuronId(0, 7, 1))!).Render(ascii: true);
        Assert.Contains("\n  gate+in+         50%\n", text, StringComparison.Ordinal);
        Assert.Contains("\nnegative pole: 1 trigger\n  -2  The [cat] -> </s>  gate 3.25  router 0.25  (0:2)\n", text, StringComparison.Ordinal);
        string dead = MemoryView.Create(study, study.Memory(new NeuronId(0, 8, 1))!).Render();
        Assert.Contains("\npositive pole: never fires\nnegative pole: never fires\n", dead, StringComparison.Ordinal);
        Assert.DoesNotContain("histogram", dead, StringComparison.Ordinal);
    }

    [Fact]
    public void The_value_is_shown_where_the_study_has_it()
    {
        SmallStudies.Gated(_sample).Dispose();
        string path = _sample.PathOf("gated.db");
        using (StudyEditor editor = StudyEditor.Open(path))
        {
            ValueTable.Write(editor, new Dictionary<string, string> { ["readout"] = "raw" },
            [
                new ValueRecord
                {
                    Id = new NeuronId(0, 7, 1),
                    Norm = 2.5f,
                    MaxProbability = 0.125,
                    LogSumExp = 3,
                    Top = [new TokenLogit(9, 1.5f), new TokenLogit(4, 1)],
                    Bottom = [new TokenLogit(2, -3)],
                    Positive = new ValuePole { Target = 4, Current = 3, TargetRank = 1, TargetProbability = 0.25, Agrees = false, AgreesWithCurrent = true, PrecisionTriggers = 4, PrecisionHits = 1 },
                    Negative = ValuePole.None,
                },
            ]);
            editor.Commit();
        }

        using Study study = Study.Open(path);
        MemoryRecord memory = study.Memory(new NeuronId(0, 7, 1))!;
        string text = MemoryView.Create(study, memory).Render();
        Assert.Contains("\nvalue (raw): max probability 0.125, norm 2.5\n  promotes  '</s>' 1.5, '<4>' 1\n  demotes   '<2>' -3\npositive pole: 1 trigger\n"
            + "  the value does not agree, agrees with the current token: target '<4>' at rank 1, p 0.25; precision@50 0.25\n  1.5  ", text, StringComparison.Ordinal);
        Assert.Contains("negative pole: 1 trigger\n  -2  ", text, StringComparison.Ordinal);
        using MemoryStream stream = new();
        MemoryDocument.Write(study, memory, stream);
        using JsonDocument document = JsonDocument.Parse(stream.ToArray());
        JsonElement[] poles = [.. document.RootElement.GetProperty("poles").EnumerateArray()];
        Assert.Equal(["pole", "triggers", "value"], poles[0].EnumerateObject().Select(member => member.Name));
        Assert.Equal(("raw", 9, 1.0), (poles[0].GetProperty("value").GetProperty("readout").GetString(), poles[0].GetProperty("value").GetProperty("argmax").GetInt32(), poles[0].GetProperty("value").GetProperty("targetRank").GetDouble()));
        Assert.Equal(JsonValueKind.Null, poles[1].GetProperty("value").GetProperty("targetRank").ValueKind);
        Assert.DoesNotContain("value", MemoryView.Create(study, study.Memory(new NeuronId(0, 8, 1))!).Render(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_terminal_would_act_on_is_made_visible()
    {
        string path = _sample.PathOf("hostile.db");
        using (StudyWriter writer = StudyWriter.Create(path, overwrite: false))
        {
            writer.WriteProvenance(SampleStudy.Provenance());
            writer.AppendUnit(SampleStudy.Unit(0, "a\u001B[31m", "\u202Eb\u009B", "\u0007"));
            writer.WriteMemory(new NeuronId(0, 0), SampleStudy.Statistics(1), [new Trigger(1, float.NaN, 0, 1, 3)], []);
            writer.Complete();
        }

        using Study study = Study.Open(path);
        TriggerLine line = MemoryView.Create(study, study.Memory(new NeuronId(0, 0))!).Poles[0].Lines[0];
        Assert.Equal(("a␛[31m", "\uFFFDb\uFFFD", "␇"), (line.Before, line.Last, line.Target));
    }

    [Fact]
    public void At_most_so_many_triggers_are_shown()
    {
        using Study study = SmallStudies.Plain(_sample);
        MemoryView view = MemoryView.Create(study, study.Memory(new NeuronId(0, 0))!, maxTriggers: 2);
        Assert.Equal(2, view.Poles[0].Lines.Count);
        Assert.Contains("2 of 3 triggers", view.Render(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_histogram_folds_to_at_most_the_columns_asked_for_and_loses_nothing()
    {
        NeuronStatistics statistics = SampleStudy.Statistics(5);
        for (int columns = 1; columns < 300; columns += 13)
        {
            HistogramView view = HistogramView.Fold(statistics, columns);
            Assert.True(view.Columns.Count <= columns);
            Assert.Equal(20, view.Columns.Sum());
            Assert.True(view.Columns[0] > 0 && view.Columns[^1] > 0);
            Assert.Equal(view.Columns.Select(count => count == 0), view.Draw().Select(c => c == ' '));
            Assert.Equal(view.Columns.Select(count => count == 0), view.Draw(ascii: true).Select(c => c == ' '));
            Assert.True(view.Draw(ascii: true).All(char.IsAscii));
        }

        Assert.Equal(statistics.Min, HistogramView.Fold(statistics).Lower, 1e-6);
        Assert.Equal(statistics.Max, HistogramView.Fold(statistics).Upper, 1e-6);
        Assert.Empty(HistogramView.Fold(NeuronStatistics.Empty(gated: false)).Draw());
    }

    [Fact]
    public void The_json_document_has_the_fields_of_the_export_a_histogram_and_the_study()
    {
        using Study study = SmallStudies.Gated(_sample);
        using MemoryStream stream = new();
        MemoryDocument.Write(study, study.Memory(new NeuronId(0, 7, 1))!, stream);
        Assert.Equal((byte)'\n', stream.ToArray()[^1]);
        using JsonDocument document = JsonDocument.Parse(stream.ToArray());
        JsonElement root = document.RootElement;
        Assert.Equal(["schemaVersion", "neuron", "layer", "index", "expert", "poles", "statistics", "histogram", "study"], root.EnumerateObject().Select(member => member.Name));
        Assert.Equal(1, root.GetProperty("schemaVersion").GetInt32());
        Assert.Equal("L0E1N7", root.GetProperty("neuron").GetString());
        Assert.Equal(["positive", "negative"], root.GetProperty("poles").EnumerateArray().Select(pole => pole.GetProperty("pole").GetString()));
        Assert.Equal(["unit", "position", "coefficient", "target", "prefix", "targetText", "gate", "routerWeight"],
            root.GetProperty("poles")[1].GetProperty("triggers")[0].EnumerateObject().Select(member => member.Name));
        Assert.Equal([(-2.5, -2.0), (0.0, Math.ScaleB(1, -16)), (0.5, 0.625), (1.5, 1.75)],
            root.GetProperty("histogram").EnumerateArray().Select(bin => (bin.GetProperty("lower").GetDouble(), bin.GetProperty("upper").GetDouble())));
        Assert.Equal(4, root.GetProperty("histogram").EnumerateArray().Sum(bin => bin.GetProperty("count").GetInt64()));
        Assert.Equal("25", root.GetProperty("study").GetProperty("options").GetProperty("top").GetString());
    }

    // The drawing is tested apart: only its width depends on where the bins lie.
    private static string WithoutHistogram(string text)
        => System.Text.RegularExpressions.Regex.Replace(text, "-0.25 █[ █]*█ 1.5", "-0.25 █     █      █ █ 1.5");
}
