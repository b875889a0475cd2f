using System.Collections.Immutable;
using Keyhole.Composition;
using Keyhole.Engine;
using Keyhole.Memories;
using Keyhole.Mutations;
using Keyhole.Reports;
using Keyhole.Reports.Claims;
using Keyhole.Reports.Contents;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;
using Keyhole.Tests.Studies;
using Keyhole.Values;
using Xunit;

namespace Keyhole.Tests.Reports;

public sealed class ReportTests : IDisposable
{
    private static readonly Dictionary<string, string> Options = new() { ["seed"] = "7", ["readout"] = "folded" };
    private readonly SampleStudy _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void A_study_never_analysed_is_refused_with_what_to_do()
    {
        using Study study = SyntheticReport.WriteStudy(_sample);
        InputRefusedException refused = Assert.Throws<InputRefusedException>(() => Report.Write(study, _sample.PathOf("r.html"), new ReportOptions()));
        Assert.Equal("KH5130", refused.Code);
        Assert.Contains("keyhole analyze", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_sample.PathOf("r.html")));
    }

    [Fact]
    public void A_report_shows_what_the_study_holds()
    {
        using Study study = Analysed(values: true, others: true);
        ReportModel report = ReportContents.Read(study, new ReportOptions(), TestContext.Current.CancellationToken);
        Assert.Equal(SyntheticReport.Layers, report.Agreement!.Layers.Length);
        Assert.Equal(2 * SyntheticReport.Layers, report.Agreement.ConfidentCount);
        Assert.Equal(40, report.Composition!.Prefixes);
        Assert.Equal(10, report.Composition.ShortPrefixes.Count);
        Assert.Equal(20, report.Mutations!.Layers[0].Last.Mean.N);
        Assert.Null(report.Prompts);
        Assert.Equal("7", report.Sections.Single(section => section.Name == "values").Options!["seed"]);
        Assert.Equal(["lower", "middle", "upper"], report.Thirds.Select(third => third.Name));
        Assert.All(report.Thirds, third =>
        {
            Assert.NotEmpty(third.Keys);
            Assert.All(third.Keys, key => Assert.True(key.Pattern!.Prefixes >= ShallowPattern.Least));
        });
        // The upper layers hold the confident values, and of these the ones with hits are the most agreeing.
        Assert.Equal(new NeuronId(5, 1), report.Groups[0].Pages[0].Id);
        Assert.All(report.Groups[1].Pages, page => Assert.True(page.Value!.Precision.Count > 0));
        Assert.All(report.Groups[2].Pages, page => Assert.Equal(0, page.Value!.Precision.Count));
        Assert.Equal(report.Groups.Sum(group => group.Pages.Length), report.Groups.SelectMany(group => group.Pages).Select(page => page.Id).Distinct().Count());
        Assert.Equal(25, report.Whole!.Triggers.Lines.Count);
        Assert.Equal(6, report.Histograms.Length);
        Assert.True(report.Histograms[0].Kurtosis >= report.Histograms[^1].Kurtosis);
        Assert.All(report.Histograms, histogram => Assert.Equal(20, histogram.Columns.Sum(column => column.Positions)));
    }

    [Fact]
    public void The_file_is_whole_and_the_same_each_time()
    {
        using Study study = Analysed(values: true, others: true);
        Report.Write(study, _sample.PathOf("a.html"), new ReportOptions());
        Report.Write(study, _sample.PathOf("b.html"), new ReportOptions());
        string page = File.ReadAllText(_sample.PathOf("a.html"));
        Assert.StartsWith("<!doctype html>", page, StringComparison.Ordinal);
        Assert.EndsWith("</html>\n", page, StringComparison.Ordinal);
        Assert.Equal(page, File.ReadAllText(_sample.PathOf("b.html")));
        Assert.Empty(Directory.GetFiles(_sample.Folder, "*.partial"));
    }

    [Fact]
    public void A_study_with_one_section_alone_is_reported()
    {
        using Study study = Analysed(values: false, others: true);
        ReportModel report = ReportContents.Read(study, new ReportOptions(), TestContext.Current.CancellationToken);
        Assert.Null(report.Agreement);
        Assert.NotNull(report.Composition);
        Assert.All(ClaimTable.Of(report).Where(claim => claim.Place is "Fig. 4"), claim => Assert.Equal("values were not analysed", claim.Here));
        Report.Write(study, _sample.PathOf("r.html"), new ReportOptions());
    }

    [Fact]
    public void A_limited_report_is_about_the_memories_asked_for()
    {
        using Study study = Analysed(values: true, others: true);
        HashSet<NeuronId> only = [new(0, 1), new(4, 0), new(99, 0)];
        ReportModel report = ReportContents.Read(study, new ReportOptions { Neurons = only }, TestContext.Current.CancellationToken);
        Assert.Equal(2, report.Limited);
        Assert.Equal([new NeuronId(0, 1), new NeuronId(4, 0)], report.Groups.Single().Pages.Select(page => page.Id));
        Assert.Equal([0, 4], report.Agreement!.Layers.Select(layer => layer.Layer));
        Assert.Equal(0, report.Mutations!.Layers[0].Last.Mean.N);     // of L0N0 alone
        Assert.Equal(20, report.Mutations.Layers[4].Last.Mean.N);
        Assert.Equal(40, report.Composition!.Prefixes);
    }

    [Fact]
    public void Memories_that_the_study_does_not_have_are_refused()
    {
        using Study study = Analysed(values: true, others: false);
        InputRefusedException refused = Assert.Throws<InputRefusedException>(() => Report.Write(study, _sample.PathOf("r.html"), new ReportOptions { Neurons = new HashSet<NeuronId> { new(99, 0) } }));
        Assert.Equal("KH5131", refused.Code);
    }

    private Study Analysed(bool values, bool others)
    {
        SyntheticReport.WriteStudy(_sample).Dispose();
        string path = _sample.PathOf("synthetic.study");
        using (StudyEditor editor = StudyEditor.Open(path))
        {
            if (values)
            {
                ValueTable.Write(editor, Options, [.. Enumerable.Range(0, 2 * SyntheticReport.Layers).Select(i => Value(i / 2, i % 2))]);
            }

            if (others)
            {
                PrefixTable.Write(editor, Options, [.. Enumerable.Range(0, 40).Select(Prefix)]);
                MutationTable.Write(editor, Options, [.. Enumerable.Range(0, 20 * SyntheticReport.Layers).Select(i => new MutationRecord(new NeuronId(i % SyntheticReport.Layers, 0), Pole.Positive, i % 30, 6, 2, 2, 1.8f, 0.5f, 1.7f))]);
            }

            editor.Commit();
        }

        return Study.Open(path);
    }

    private static ValueRecord Value(int layer, int index) => new()
    {
        Id = new NeuronId(layer, index),
        Norm = 1,
        MaxProbability = 0.01 * (layer + 1) + (0.001 * index),
        LogSumExp = 3,
        Top = [new TokenLogit(8, 4), new TokenLogit(3, 2)],
        Bottom = [new TokenLogit(5, -4), new TokenLogit(2, -2)],
        Positive = new ValuePole
        {
            Target = 8,
            Current = 7,
            TargetRank = layer,
            TargetProbability = 0.01,
            CurrentRank = 20,
            Agrees = layer > 3,
            AgreesWithCurrent = false,
            ModelTop = 8,
            ModelTargetProbability = 0.2,
            AgreesWithModel = true,
            PrecisionTriggers = 25,
            PrecisionHits = index == 0 ? layer : 0,
        },
    };

    private static PrefixTrace Prefix(int number) => new()
    {
        Unit = number,
        Position = 3,
        Tokens = number % 4 == 0 ? 3 : 12,
        Target = 5,
        Current = 4,
        Text = $"Prefix {number}",
        Layers = [.. Enumerable.Range(0, SyntheticReport.Layers).Select(layer => new PrefixLayer
        {
            TopR = 5,
            TopY = 6,
            TopO = layer == SyntheticReport.Layers - 1 ? 7 : 5,
            LinearTopR = 5,
            LinearTopO = 5,
            ActiveShare = 0.2f,
            PositiveShare = 0.4f,
            ZeroAgreement = number % 3 != 0,
            ZeroAgreementOverAll = number % 3 != 0,
            R = Reading(100.0 / (layer + 1)),
        })],
        Output = Reading(3),
    };

    private static StateReading Reading(double rank) => new(rank, 0.1, rank, 0.2, 30, 4) { ShuffledRank = 300 };
}
