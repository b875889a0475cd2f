using System.CommandLine;
using System.Globalization;
using Keyhole.Cli.Mining;
using Keyhole.Compat;
using Keyhole.Corpora;
using Keyhole.Mining;

namespace Keyhole.Cli.Commands;

/// <summary><c>keyhole mine</c>: trigger examples and statistics of every memory over a corpus.</summary>
internal sealed class MineCommand : KeyholeCommand
{
    private const string Paper = "paper";
    private readonly Argument<string> _model = CommonOptions.Model();
    private readonly Argument<string[]> _corpus = new("CORPUS") { Description = "Text files, JSONL, CSV (all may be .gz), folders or patterns; - is standard input.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string> _output = new("--output", "-o") { Description = "The study to write.", HelpName = "STUDY", Required = true };
    private readonly Option<bool> _overwrite = new("--overwrite") { Description = "Replace the study if it exists." };
    private readonly Option<UnitKind?> _unit = CommonOptions.Unit();
    private readonly Option<string> _textField = CommonOptions.TextField();
    private readonly Option<long?> _limit = new("--limit") { Description = "Take the first N units only.", HelpName = "N" };
    private readonly Option<int?> _sample = new("--sample") { Description = "Take N units at random, the same for one seed.", HelpName = "N" };
    private readonly Option<ulong> _seed = new("--seed") { Description = "Seed of every random choice.", HelpName = "S" };
    private readonly Option<int?> _top = new("--top") { Description = "Triggers kept per memory and pole. Default: 25.", HelpName = "K" };
    private readonly Option<string?> _layers = new("--layers") { Description = "Layers to mine, from 0: 0,4,8-11. Default: all.", HelpName = "LIST" };
    private readonly Option<string?> _neurons = new("--neurons") { Description = "Keep only the memories named in this file, one a line (L3N128).", HelpName = "FILE" };
    private readonly Option<BosPolicy?> _bos = CommonOptions.Bos();
    private readonly Option<int> _distinct = new("--distinct") { Description = "Keep one trigger per distinct last N tokens (20 is good for web text); 0 keeps all.", HelpName = "N" };
    private readonly Option<RankBy?> _rankBy = new("--rank-by") { Description = "Order triggers by post (the coefficient) or pre (the pre-activation). Default: post.", HelpName = "WHAT" };
    private readonly Option<bool> _perPrefix = new("--per-prefix") { Description = "Every prefix of a unit competes, not only its best." };
    private readonly Option<bool> _firstPosition = new("--first-position") { Description = "Position 0 of a unit competes too." };
    private readonly Option<bool> _lastPosition = new("--last-position") { Description = "The last position of a unit, which has no next token, competes too." };
    private readonly Option<string?> _preset = new("--preset") { Description = "paper: every position but BOS, the last included, every prefix.", HelpName = "NAME" };
    private readonly Option<string?> _compat = new("--compat") { Description = "ff-layers: as the paper's released code mines, to be compared line by line (docs/compat.md): BOS first and a candidate; --bos always, --unit line, --top 50 unless given.", HelpName = "NAME" };
    private readonly Option<int?> _threads = CommonOptions.Threads();
    private readonly Option<string?> _memory = new("--memory") { Description = "Memory to keep to, such as 400MiB or 3GiB. Default: 1GiB, or what the model needs.", HelpName = "SIZE" };
    private readonly Option<int?> _chunkTokens = new("--chunk-tokens") { Description = "Tokens that go through a layer at a time. Changes no result. Default: by memory.", HelpName = "N" };

    /// <summary>Creates the command.</summary>
    public MineCommand()
        : base("mine", "Finds, for every feed-forward memory of a model, the texts that trigger it most, and its statistics, over a corpus.",
            "keyhole mine models/mini corpora/mini.train-sample.txt --unit line -o mini.study",
            "keyhole mine model.gguf wiki/*.jsonl.gz --text-field text -o wiki.study",
            "keyhole mine models/mini news.txt --layers 0-3 --top 50 --memory 400MiB -o news.study")
    {
        Add(_model);
        Add(_corpus);
        _preset.AcceptOnlyFromAmong(Paper);
        _compat.AcceptOnlyFromAmong(CompatMode.FfLayers);
        foreach (Option option in (Option[])[_output, _overwrite, _unit, _textField, _limit.AtLeast(1), _sample.AtLeast(1), _seed, _top.AtLeast(1), _layers, _neurons, _bos, _distinct.AtLeast(0),
            _rankBy, _perPrefix, _firstPosition, _lastPosition, _preset, _compat, _threads, _memory, _chunkTokens.AtLeast(1)])
        {
            Add(option);
        }
    }

    /// <inheritdoc/>
    public override int Run(ParseResult options, CommandConsole console, CancellationToken stop)
    {
        bool paper = options.GetValue(_preset) == Paper;
        string? compat = options.GetValue(_compat);
        if (compat is not null)
        {
            RefuseBeside(compat, (paper, "--preset paper"), (options.GetValue(_perPrefix), "--per-prefix"), (options.GetValue(_lastPosition), "--last-position"));
        }

        string? neurons = options.GetValue(_neurons);
        var mining = new MiningOptions
        {
            Model = options.GetRequiredValue(_model),
            Corpus = options.GetRequiredValue(_corpus),
            Output = options.GetRequiredValue(_output),
            Overwrite = options.GetValue(_overwrite),
            Unit = options.GetValue(_unit) ?? (compat is null ? UnitKind.Sentence : UnitKind.Line),
            TextField = options.GetRequiredValue(_textField),
            Limit = options.GetValue(_limit),
            Sample = options.GetValue(_sample),
            Seed = options.GetValue(_seed),
            Layers = options.GetValue(_layers) is { } layers ? LayerList.Parse(layers) : null,
            Neurons = neurons is null ? null : NeuronFile.Read(neurons),
            Bos = options.GetValue(_bos) ?? (compat is null ? BosPolicy.Auto : BosPolicy.Always),
            Compat = compat,
            Threads = options.GetValue(_threads) ?? Environment.ProcessorCount,
            Memory = options.GetValue(_memory) is { } memory ? SizeText.Parse(memory) : null,
            ChunkTokens = options.GetValue(_chunkTokens),
            Rules = new MiningRules
            {
                Top = options.GetValue(_top) ?? (compat is null ? 25 : 50),
                RankBy = options.GetValue(_rankBy) ?? RankBy.Post,
                PerPrefix = paper || options.GetValue(_perPrefix),
                Distinct = options.GetValue(_distinct),
                FirstPosition = compat is not null || options.GetValue(_firstPosition),
                FirstUnlessBos = paper,
                LastPosition = paper || options.GetValue(_lastPosition),
                Seed = options.GetValue(_seed),
            },
        };
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

    // The code takes the best prefix of each sentence, and never the whole one.
    private static void RefuseBeside(string compat, params ReadOnlySpan<(bool Given, string Option)> others)
    {
        foreach ((bool given, string option) in others)
        {
            if (given)
            {
                throw new UsageException($"--compat {compat} and {option} contradict each other: the released code takes one prefix of each text, and not the whole text. Leave one of them out.");
            }
        }
    }
}
