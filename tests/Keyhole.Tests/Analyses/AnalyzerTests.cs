using Keyhole.Analyses;
using Keyhole.Composition;
using Keyhole.Engine;
using Keyhole.Exports;
using Keyhole.Memories;
using Keyhole.Mining;
using Keyhole.Mutations;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;
using Keyhole.TestSupport;
using Keyhole.Tests.Mining;
using Keyhole.Values;
using Xunit;

namespace Keyhole.Tests.Analyses;

/// <summary>Whole analyses of small models.</summary>
public sealed class AnalyzerTests : IDisposable
{
    private readonly TinyRun _run = new();

    [Theory]
    [InlineData("opt")]
    [InlineData("llama")]
    public void Every_section_stands_in_the_study_whatever_the_threads(string kind)
    {
        string first = Mine(kind, "a");
        string second = Mine(kind, "b");
        AnalysisResult result = Analyzer.Run(Options(first) with { Threads = 1, Compat = true });
        Assert.Equal(Enum.GetValues<AnalysisSection>().Order(), result.Sections.Select(made => made.Section).Order());
        Analyzer.Run(Options(second) with { Threads = 3, Compat = true });
        using Study study = Study.Open(first);
        StudyAnalysis analysis = StudyAnalysis.Read(study);
        Assert.True(analysis.Any);
        Assert.Equal(study.Counts().Memories, analysis.Values!.Count);
        Assert.All(analysis.Values, value => Assert.Equal(kind == "llama", value.Negative is not null));
        Assert.Contains(analysis.Values, value => value.Positive.AgreesWithModel is not null);
        Assert.Equal(20, analysis.Prefixes!.Count);
        Assert.Equal(study.Shape.Layers, analysis.Composition!.Layers.Length);
        Assert.NotEmpty(analysis.Prompts!);
        Assert.NotEmpty(analysis.Mutations!);
        Assert.NotEmpty(analysis.Reach!);
        Assert.Equal("raw", analysis.Options(AnalysisSections.Values)!["readout"]);
        Assert.Equal(("raw", "all", "ff-layers"), (analysis.Options(AnalysisSections.Compat)!["readout"], analysis.Options(AnalysisSections.Compat)!["positions"], analysis.Options(AnalysisSections.Compat)!["compat"]));

        // The same prefixes in both sections, so the same tokens where both read them the same way.
        Assert.Equal(
            analysis.Prefixes!.SelectMany(prefix => prefix.Layers.Select(layer => (prefix.Unit, prefix.Position, layer.LinearTopR, layer.TopY, layer.LinearTopO))),
            CompatTable.Read(study)!.SelectMany(prefix => prefix.Layers.Select(layer => (prefix.Unit, prefix.Position, layer.ResidualTop, layer.UpdateTop, layer.OutputTop))));
        Assert.Equal(Export(first, "a"), Export(second, "b"));
    }

    [Fact]
    public void Chosen_memories_are_those_of_the_whole_run()
    {
        string whole = Mine("opt", "whole");
        string part = Mine("opt", "part");
        HashSet<NeuronId> chosen = [new NeuronId(0, 3), new NeuronId(1, 7), new NeuronId(1, 39)];
        Analyzer.Run(Options(whole));
        Analyzer.Run(Options(part) with { Neurons = chosen });
        using Study all = Study.Open(whole);
        using Study some = Study.Open(part);
        Assert.Equal(ValueTable.Read(all)!.Where(value => chosen.Contains(value.Id)).Select(Described), ValueTable.Read(some)!.Select(Described));
        Assert.Equal(MutationTable.Read(all)!.Where(record => chosen.Contains(record.Id)), MutationTable.Read(some)!);
        Assert.Equal(PrefixTable.Read(all)!.Select(prefix => (prefix.Unit, prefix.Final, prefix.Layers[0].ZeroAgreement)), PrefixTable.Read(some)!.Select(prefix => (prefix.Unit, prefix.Final, prefix.Layers[0].ZeroAgreement)));
    }

    [Fact]
    public void One_section_alone_leaves_the_others()
    {
        string study = Mine("opt", "a");
        Analyzer.Run(Options(study) with { Only = new HashSet<AnalysisSection> { AnalysisSection.Composition } });
        using (Study opened = Study.Open(study))
        {
            Assert.Null(ValueTable.Read(opened));   // needed on the way, not asked for
            Assert.Equal(20, PrefixTable.Read(opened)!.Count);
        }

        Analyzer.Run(Options(study) with { Only = new HashSet<AnalysisSection> { AnalysisSection.Values } });
        using Study again = Study.Open(study);
        Assert.NotNull(ValueTable.Read(again));
        Assert.NotNull(PrefixTable.Read(again));
        Assert.Null(MutationTable.Read(again));
    }

    [Fact]
    public void The_released_codes_numbers_have_to_be_asked_for_and_are_raw()
    {
        string study = Mine("opt", "a");
        Assert.DoesNotContain(Analyzer.Run(Options(study)).Sections, made => made.Section == AnalysisSection.Compat);
        var only = new HashSet<AnalysisSection> { AnalysisSection.Compat };
        Assert.Throws<ArgumentException>(() => Analyzer.Run(Options(study) with { Only = only, Readout = Engine.Readouts.Readout.Folded }));
        Assert.Equal([AnalysisSection.Compat], Analyzer.Run(Options(study) with { Only = only }).Sections.Select(made => made.Section));
        using Study opened = Study.Open(study);
        Assert.Equal(20, CompatTable.Read(opened)!.Count);
        Assert.DoesNotContain("positions", AnalysisSections.Read(opened, AnalysisSections.Prefixes)!.Keys);
    }

    [Fact]
    public void Memories_of_experts_are_read_and_mutated_by_their_names()
    {
        string first = Mine("olmoe", "a");
        string second = Mine("olmoe", "b");
        HashSet<AnalysisSection> only = [AnalysisSection.Values, AnalysisSection.Predictions, AnalysisSection.Mutations, AnalysisSection.Reach, AnalysisSection.Index];
        Analyzer.Run(Options(first) with { Threads = 1, Only = only });
        Analyzer.Run(Options(second) with { Threads = 3, Only = only });
        using (Study study = Study.Open(first))
        {
            StudyAnalysis analysis = StudyAnalysis.Read(study);
            Assert.Equal(study.Memories().Select(memory => memory.Id), analysis.Values!.Select(value => value.Id));
            Assert.Equal(7, analysis.Mutations!.Max(record => record.Id.Expert));
            Assert.NotEmpty(analysis.Reach!);
        }

        Assert.Equal(Export(first, "a"), Export(second, "b"));
        Assert.Equal("KH5204", Assert.Throws<InputRefusedException>(() => Analyzer.Run(Options(first) with { Compat = true })).Code);
    }

    [Fact]
    public void Another_model_is_refused_and_the_study_stays_as_it_was()
    {
        string study = Mine("opt", "a");
        byte[] before = File.ReadAllBytes(study);
        string other = _run.Model(TinyModel.Opt(seed: 77), "other");
        Assert.Equal("KH5203", Assert.Throws<InputRefusedException>(() => Analyzer.Run(Options(study) with { Model = other })).Code);
        string narrow = _run.Model(TinyModel.Opt(memories: 48), "narrow");
        Assert.Equal("KH5203", Assert.Throws<InputRefusedException>(() => Analyzer.Run(Options(study) with { Model = narrow })).Code);
        Assert.Equal(before, File.ReadAllBytes(study));
    }

    [Fact]
    public void A_model_that_has_gone_is_asked_for_and_may_be_given()
    {
        string study = Mine("opt", "a");
        string moved = Path.Combine(_run.Folder, "moved");
        Directory.Move(Path.Combine(_run.Folder, "a-model"), moved);
        InputRefusedException refused = Assert.Throws<InputRefusedException>(() => Analyzer.Run(Options(study)));
        Assert.Equal("KH5202", refused.Code);
        Assert.Contains("--model", refused.Message, StringComparison.Ordinal);
        Analyzer.Run(Options(study) with { Model = moved, Only = new HashSet<AnalysisSection> { AnalysisSection.Values } });
        using Study opened = Study.Open(study);
        Assert.NotNull(ValueTable.Read(opened));
    }

    [Fact]
    public void What_is_stopped_leaves_whole_sections()
    {
        string study = Mine("opt", "a");
        using var stop = new CancellationTokenSource();
        var progress = new Stopper(stop);
        Assert.Throws<OperationCanceledException>(() => Analyzer.Run(Options(study), progress, stop.Token));
        using Study opened = Study.Open(study);
        Assert.NotNull(ValueTable.Read(opened));
        Assert.Null(PrefixTable.Read(opened));
    }

    public void Dispose() => _run.Dispose();

    private static string Described(ValueRecord value) => $"{value.Id} {value.Norm} {value.MaxProbability} {string.Join(' ', value.Top)} {string.Join(' ', value.Bottom)} {value.Positive} {value.Negative}";

    private static AnalysisOptions Options(string study) => new()
    {
        Study = study,
        Readout = Engine.Readouts.Readout.Raw,
        Prefixes = new PrefixOptions { Count = 20 },
        Mutations = new MutationOptions { Memories = 40, Triggers = 2 },
        Reach = new ReachOptions { Memories = 2, Triggers = 2 },
        Threads = 2,
    };

    private string Mine(string kind, string name)
    {
        TinyModel model = kind switch
        {
            "opt" => TinyModel.Opt(),
            "olmoe" => TinyModel.Olmoe(),
            _ => TinyModel.Llama(),
        };
        MiningOptions options = _run.Options(_run.Model(model, name + "-model"), _run.Corpus(TinyRun.Lines)) with { Output = Path.Combine(_run.Folder, name + ".study") };
        TinyRun.Mine(options).Dispose();
        return options.Output;
    }

    // Every file of the export: the analysis depends on the study and the options alone.
    private string Export(string path, string name)
    {
        string folder = Path.Combine(_run.Folder, "export-" + name);
        using Study study = Study.Open(path);
        JsonlExport.Write(study, folder, TestContext.Current.CancellationToken);
        return string.Join('\n', Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(file => $"{Path.GetFileName(file)}\n{File.ReadAllText(file)}"));
    }

    private sealed class Stopper(CancellationTokenSource stop) : IProgress<AnalysisProgress>
    {
        public void Report(AnalysisProgress value)
        {
            if (value.Section == AnalysisSection.Composition)
            {
                stop.Cancel();
            }
        }
    }
}
