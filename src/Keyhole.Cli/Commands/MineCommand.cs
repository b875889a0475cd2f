using System.CommandLine;
using Keyhole.Cli.Annotating;
using Keyhole.Cli.Mining;
using Keyhole.Mining;

namespace Keyhole.Cli.Commands;

/// <summary><c>keyhole mine</c>: trigger examples and statistics of every memory over a corpus.</summary>
internal sealed class MineCommand : KeyholeCommand
{
    private readonly Option<string> _output = new("--output", "-o") { Description = "The study to write.", HelpName = "STUDY", Required = true };
    private readonly Option<bool> _overwrite = new("--overwrite") { Description = "Replace the study if it exists." };
    private readonly Option<bool> _resume = new("--resume") { Description = "Go on from the checkpoint of a run that was stopped (the folder STUDY.run); without one begin, with a finished study do nothing." };
    private readonly Option<string?> _shard = new("--shard") { Description = "Mine part I of N of the corpus, from 0: 0/3, 1/3, 2/3. 'keyhole merge' puts the parts together.", HelpName = "I/N" };
    private readonly MiningArguments _mining = new();

    /// <summary>Creates the command.</summary>
    public MineCommand()
        : base("mine", "Finds, for every feed-forward memory of a model, the texts that trigger it most, and its statistics, over a corpus.",
            "keyhole mine models/mini corpora/mini.train-sample.txt --unit line -o mini.study",
            "keyhole mine model.gguf wiki/*.jsonl.gz --text-field text -o wiki.study",
            "keyhole mine models/mini news.txt --layers 0-3 --top 50 --memory 400MiB -o news.study",
            "keyhole mine model.gguf wiki.txt -o wiki.study --resume   # go on where it was stopped",
            "keyhole mine models/mini news.txt -o news.study --null directions,rotations   # and news.study.directions, news.study.rotations",
            "keyhole mine model.gguf wiki.txt --shard 0/8 -o wiki-0.study   # on each of 8 machines another part, then keyhole merge")
        => _mining.AddTo(this, _output, _overwrite, _resume, _shard);

    /// <inheritdoc/>
    public override int Run(ParseResult options, CommandConsole console, CancellationToken stop)
    {
        MiningOptions mining = _mining.Read(options, options.GetRequiredValue(_output), options.GetValue(_overwrite)) with
        {
            Resume = options.GetValue(_resume),
            Shard = options.GetValue(_shard) is { } shard ? ShardName.Parse(shard) : CorpusShard.Whole,
        };
        if (mining.Shard.IsPart)
        {
            MiningArguments.RefuseInParts(mining, _shard.Name);
        }

        if (mining.Overwrite)
        {
            KeptAnnotations.Note(console, mining.Output);
        }

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
