using System.CommandLine;
using Keyhole.Cli.Mining;
using Keyhole.Mining;

namespace Keyhole.Cli.Commands;

/// <summary><c>keyhole mine</c>: trigger examples and statistics of every memory over a corpus.</summary>
internal sealed class MineCommand : KeyholeCommand
{
    private readonly Option<string> _output = new("--output", "-o") { Description = "The study to write.", HelpName = "STUDY", Required = true };
    private readonly Option<bool> _overwrite = new("--overwrite") { Description = "Replace the study if it exists." };
    private readonly MiningArguments _mining = new();

    /// <summary>Creates the command.</summary>
    public MineCommand()
        : base("mine", "Finds, for every feed-forward memory of a model, the texts that trigger it most, and its statistics, over a corpus.",
            "keyhole mine models/mini corpora/mini.train-sample.txt --unit line -o mini.study",
            "keyhole mine model.gguf wiki/*.jsonl.gz --text-field text -o wiki.study",
            "keyhole mine models/mini news.txt --layers 0-3 --top 50 --memory 400MiB -o news.study")
        => _mining.AddTo(this, _output, _overwrite);

    /// <inheritdoc/>
    public override int Run(ParseResult options, CommandConsole console, CancellationToken stop)
    {
        MiningOptions mining = _mining.Read(options, options.GetRequiredValue(_output), options.GetValue(_overwrite));
        MiningResult result = MiningRun.Mine(mining, console, stop);
        if (console.Json)
        {
            console.WriteJson(MiningRun.SchemaVersion, json => MiningRun.WriteProperties(json, mining.Output, result));
        }
        else
        {
            MiningRun.Summarise(mining.Output, result, console);
        }
        return ExitCode.Done;
    }
}
