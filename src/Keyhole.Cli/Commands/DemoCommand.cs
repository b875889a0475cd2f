using System.CommandLine;
using Keyhole.Cli.Demo;
using Keyhole.Cli.Mining;
using Keyhole.Corpora;
using Keyhole.Exports;
using Keyhole.Mining;
using Keyhole.Studies;

namespace Keyhole.Cli.Commands;

/// <summary><c>keyhole demo</c>: mines the bundled model over the bundled text and shows three memories.</summary>
internal sealed class DemoCommand : KeyholeCommand
{
    private const int TriggersShown = 5;
    private readonly Option<string> _output = new("--output", "-o") { Description = "The study to write; one of an earlier demo is replaced, anything else is left alone.", HelpName = "STUDY", DefaultValueFactory = _ => "keyhole-demo.study" };
    private readonly Option<int?> _threads = CommonOptions.Threads();

    /// <summary>Creates the command.</summary>
    public DemoCommand()
        : base("demo", "Mines the bundled model over the bundled text, in less than a minute, and shows three of its memories.",
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
        var mining = new MiningOptions
        {
            Model = BundledData.Model,
            Corpus = [BundledData.Corpus],
            Output = output,
            Overwrite = DemoStudy.IsEarlier(output),
            Unit = UnitKind.Line,
            Threads = options.GetValue(_threads) ?? Environment.ProcessorCount,
        };
        MiningResult result = MiningRun.Mine(mining, console, stop);
        using Study study = Study.Open(output);
        IReadOnlyList<(string Part, MemoryRecord Memory)> shown = PeakedMemories.Choose(study, mining.Rules.Top);
        if (console.Json)
        {
            WriteJson(console, output, result, shown);
        }
        else
        {
            MiningRun.Summarise(output, result, console);
            WriteMemories(console, study, output, shown);
        }
        return ExitCode.Done;
    }

    private static void WriteMemories(CommandConsole console, Study study, string output, IReadOnlyList<(string Part, MemoryRecord Memory)> shown)
    {
        console.Output.Write($"Of each third of the layers {PeakedMemories.Rule}:\n");
        foreach ((string part, MemoryRecord memory) in shown)
        {
            console.Output.Write($"\nof the {part} layers: {MemoryView.Create(study, memory, maxTriggers: TriggersShown).Render()}");
        }
        console.Note($"""

            Each line: the coefficient, a text up to the [token] at which the memory fires, the token that follows, the text's number and position. Next:
              keyhole show {output} {(shown.Count > 0 ? shown[^1].Memory.Id.ToString() : "L0N0")} --top 25
              keyhole export {output} -o exported
              keyhole inspect path/to/your/model
            """);
    }

    private static void WriteJson(CommandConsole console, string output, MiningResult result, IReadOnlyList<(string Part, MemoryRecord Memory)> shown)
        => console.WriteJson(MiningRun.SchemaVersion, json =>
        {
            MiningRun.WriteProperties(json, output, result);
            json.WriteStartArray("shown");
            foreach ((string _, MemoryRecord memory) in shown)
            {
                json.WriteStringValue(memory.Id.ToString());
            }
            json.WriteEndArray();
        });
}
