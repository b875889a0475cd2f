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
    private readonly Option<double?> _checkpointEvery = new("--checkpoint-every") { Description = "Seconds from one checkpoint to the next; 0: after every chunk. Default: at least 60, and so many that checkpoints take less than 1% of the time.", HelpName = "SECONDS" };
    private readonly Option<string?> _shard = new("--shard") { Description = "Mine part I of N of the corpus, from 0: 0/3, 1/3, 2/3. 'keyhole merge' puts the parts together.", HelpName = "I/N" };
    private readonly Option<double?> _untilStable = new("--until-stable") { Description = "End before the corpus does once the lists of less than this share of memories change in 32,768 tokens (0.01: 1%).", HelpName = "SHARE" };
    private readonly Option<string[]> _null = new("--null") { Description = "Mine nulls in the same pass: directions (random directions in the place of the keys), rotations (a random rotation of each layer's coefficients), or both, with a comma. Each is a study of its own beside the other: STUDY.directions, STUDY.rotations.", HelpName = "LIST" };
    private readonly Option<ulong> _nullSeed = new("--null-seed") { Description = "Seed of the random directions and rotations.", HelpName = "S" };
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
        => _mining.AddTo(this, _output, _overwrite, _resume, _checkpointEvery, _shard, _untilStable, _null, _nullSeed);

    /// <inheritdoc/>
    public override int Run(ParseResult options, CommandConsole console, CancellationToken stop)
    {
        double? seconds = options.GetValue(_checkpointEvery);
        if (seconds is not null and not (>= 0 and <= 1e9))
        {
            throw new UsageException("--checkpoint-every takes a number of seconds of at least 0.");
        }

        MiningOptions mining = _mining.Read(options, options.GetRequiredValue(_output), options.GetValue(_overwrite)) with
        {
            Resume = options.GetValue(_resume),
            Checkpoints = seconds is { } every ? CheckpointInterval.Every(every) : CheckpointInterval.Automatic,
            Shard = options.GetValue(_shard) is { } shard ? ShardName.Parse(shard) : CorpusShard.Whole,
            UntilStable = options.GetValue(_untilStable),
            Nulls = NullList.Parse(options.GetValue(_null) ?? []),
            NullSeed = options.GetValue(_nullSeed),
        };
        if (mining.UntilStable is { } share && (!(share is > 0 and < 1) || mining.Shard.IsPart))
        {
            throw new UsageException(mining.Shard.IsPart
                ? "--until-stable and --shard contradict each other: each part would end at another place. Leave one of them out."
                : "--until-stable takes a share of the memories between 0 and 1, such as 0.01.");
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
