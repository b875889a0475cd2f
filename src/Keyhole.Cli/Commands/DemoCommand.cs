using System.Collections.Immutable;
using System.CommandLine;
using Keyhole.Analyses;
using Keyhole.Cli.Analyses;
using Keyhole.Cli.Demo;
using Keyhole.Cli.Mining;
using Keyhole.Composition;
using Keyhole.Corpora;
using Keyhole.Exports;
using Keyhole.Memories;
using Keyhole.Mining;
using Keyhole.Mutations;
using Keyhole.Reports;
using Keyhole.Reports.Claims;
using Keyhole.Studies;

namespace Keyhole.Cli.Commands;

/// <summary><c>keyhole demo</c>: the whole of the paper on the bundled model and text: mine, analyze, report.</summary>
internal sealed class DemoCommand : KeyholeCommand
{
    private const int TriggersShown = 5;
    private const int Findings = 5;
    private const int MinedUnits = 4000;
    private readonly Option<string> _output = new("--output", "-o") { Description = "The study to write, its report beside it as .html; those of an earlier demo are replaced, anything else is left alone.", HelpName = "STUDY", DefaultValueFactory = _ => "keyhole-demo.study" };
    private readonly Option<int?> _threads = CommonOptions.Threads();

    /// <summary>Creates the command.</summary>
    public DemoCommand()
        : base("demo", "Mines the bundled model over the bundled text, carries out the paper's analysis and writes its report, in less than a minute.",
            "keyhole demo",
            "keyhole demo -o /tmp/demo.study --threads 2")
    {
        Add(_output);
        Add(_threads);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult options, CommandConsole console, CancellationToken stop)
    {
        string output = options.GetRequiredValue(_output);
        string report = Path.ChangeExtension(output, ".html");
        int threads = options.GetValue(_threads) ?? Environment.ProcessorCount;
        DemoReport.RequireEarlier(report);
        var mining = new MiningOptions
        {
            Model = BundledData.Model,
            Corpus = [BundledData.Corpus],
            Output = output,
            Overwrite = DemoStudy.IsEarlier(output),
            Unit = UnitKind.Line,
            Limit = MinedUnits,
            Threads = threads,
            Rules = new MiningRules { Top = 50 },
        };
        MiningResult mined = MiningRun.Mine(mining, console, stop);
        MiningRun.Summarise(output, mined, console);
        AnalysisResult analysed = AnalysisRun.Analyze(Analysis(output, threads), console, stop);
        using Study study = Study.Open(output);
        ImmutableArray<Claim> claims = console.WithProgress(progress => Report.Write(study, report, new ReportOptions(), (share, what) => progress.Report(new ProgressState("report", share, what)), stop));
        ImmutableArray<Claim> findings = ClaimTable.Findings(claims, Findings);
        (string _, MemoryRecord memory) = PeakedMemories.Choose(study, mining.Rules.Top)[^1];
        if (console.Json)
        {
            WriteJson(console, output, report, mined, analysed, findings, memory);
        }
        else
        {
            WriteFindings(console, study, output, report, findings, memory);
        }
        return ExitCode.Done;
    }

    // Less than the defaults, so that a laptop is done in a minute; the rest of the text is held out for section 5.
    private static AnalysisOptions Analysis(string study, int threads) => new()
    {
        Study = study,
        Prefixes = new PrefixOptions { Count = 1000 },
        Mutations = new MutationOptions { Memories = 10, Triggers = 5 },
        Reach = new ReachOptions { Memories = 3, Triggers = 3 },
        Threads = threads,
    };

    private static void WriteFindings(CommandConsole console, Study study, string output, string report, ImmutableArray<Claim> findings, MemoryRecord memory)
    {
        console.Output.Write("Of the paper's claims, on this model:\n");
        foreach ((int number, Claim finding) in findings.Index())
        {
            console.Output.Write($"{number + 1}. {finding.Finding} ({finding.Place}: {finding.VerdictText}.)\n");
        }

        console.Output.Write($"\nOf the upper layers {PeakedMemories.Rule}: {MemoryView.Create(study, memory, maxTriggers: TriggersShown).Render()}");
        console.Note($"""

            Each line: the coefficient, a text up to the [token] at which the memory fires, the token that follows, the text's number and position.
            The study is {output}, the report {report}: open it in a browser. Next:
              keyhole show {output} {memory.Id} --top 25
              keyhole search {output} society
              keyhole export {output} -o exported
              keyhole inspect path/to/your/model
            """);
    }

    private static void WriteJson(CommandConsole console, string output, string report, MiningResult mined, AnalysisResult analysed, ImmutableArray<Claim> findings, MemoryRecord memory)
        => console.WriteJson(MiningRun.SchemaVersion, json =>
        {
            MiningRun.WriteProperties(json, output, mined);
            json.WriteNumber("analyzeSeconds", Math.Round(analysed.Sections.Sum(section => section.Seconds), 3));
            json.WriteString("report", report);
            json.WriteStartArray("findings");
            foreach (Claim finding in findings)
            {
                json.WriteStartObject();
                json.WriteString("place", finding.Place);
                json.WriteString("finding", finding.Finding);
                json.WriteString("verdict", finding.VerdictText);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteString("shown", memory.Id.ToString());
        });
}
