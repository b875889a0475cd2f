using System.CommandLine;
using Keyhole.Compat;
using Keyhole.Corpora;
using Keyhole.Mining;

namespace Keyhole.Cli.Mining;

/// <summary>The arguments and options that say what is mined and how: declared once, for every command that mines or prepares it.</summary>
/// <remarks>
/// An option of mining belongs here, so that 'plan' counts it and 'slurm' hands it on to every shard. 'mine' has of its own only what is of one run and what the scripts of 'slurm' set
/// themselves: where to, over what, which part. A test holds both lists together.
/// </remarks>
internal sealed class MiningArguments
{
    private const string Paper = "paper";
    private readonly Argument<string> _model = CommonOptions.Model();
    private readonly Argument<string[]> _corpus = new("CORPUS") { Description = "Text files, JSONL, CSV (all may be .gz), folders or patterns; - is standard input.", Arity = ArgumentArity.OneOrMore };
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
    private readonly Option<bool> _sampleQuantiles = new("--sample-quantiles") { Description = "Keep, of each memory and pole, a random sample of where it fires, shown in tenths of its activation, and its coefficients at ten random positions; and how much of its activation the triggers stand for." };
    private readonly Option<bool> _signCases = new("--sign-cases") { Description = "Of a gated model, keep trigger lists of the four sign cases gate+in+, gate+in-, gate-in+, gate-in- too." };
    private readonly Option<string[]> _null = new("--null") { Description = "Mine nulls in the same pass: directions (random directions in the place of the keys), rotations (a random rotation of each layer's coefficients), or both, with a comma. Each is a study of its own beside the other: STUDY.directions, STUDY.rotations.", HelpName = "LIST" };
    private readonly Option<ulong> _nullSeed = new("--null-seed") { Description = "Seed of the random directions and rotations.", HelpName = "S" };
    private readonly Option<double?> _untilStable = new("--until-stable") { Description = "End before the corpus does once the lists of less than this share of memories change in 32,768 tokens (0.01: 1%). Not of shards, each of which would end at another place.", HelpName = "SHARE" };
    private readonly Option<double?> _checkpointEvery = new("--checkpoint-every") { Description = "Seconds from one checkpoint to the next; 0: after every chunk. Default: at least 60, and so many that checkpoints take less than 1% of the time.", HelpName = "SECONDS" };
    private readonly Option<string?> _preset = new("--preset") { Description = "paper: every position but BOS, the last included, every prefix.", HelpName = "NAME" };
    private readonly Option<string?> _compat = new("--compat") { Description = "ff-layers: as the paper's released code mines, to be compared line by line (docs/compat.md): BOS first and a candidate; --bos always, --unit line, --top 50 unless given.", HelpName = "NAME" };
    private readonly Option<int?> _threads = CommonOptions.Threads();
    private readonly Option<string?> _memory = new("--memory") { Description = "Memory to keep to, such as 400MiB or 3GiB. Default: 1GiB, or what the model needs.", HelpName = "SIZE" };
    private readonly Option<int?> _chunkTokens = new("--chunk-tokens") { Description = "Tokens that go through a layer at a time. Changes no result. Default: by memory.", HelpName = "N" };

    /// <summary>Creates them, each for one command.</summary>
    public MiningArguments()
    {
        _preset.AcceptOnlyFromAmong(Paper);
        _compat.AcceptOnlyFromAmong(CompatMode.FfLayers);
        Options = [_unit, _textField, _limit.AtLeast(1), _sample.AtLeast(1), _seed, _top.AtLeast(1), _layers, _neurons, _bos, _distinct.AtLeast(0),
            _rankBy, _perPrefix, _firstPosition, _lastPosition, _sampleQuantiles, _signCases, _null, _nullSeed, _preset, _compat, _untilStable, _checkpointEvery, _threads, _memory, _chunkTokens.AtLeast(1)];
    }

    /// <summary>All options, in the order of the help.</summary>
    public IReadOnlyList<Option> Options { get; }

    /// <summary>Makes the model and the corpus arguments, and everything else options, of <paramref name="command"/>.</summary>
    /// <param name="command">A command that has no argument yet.</param>
    /// <param name="first">The command's own options that stand before these in the help.</param>
    public void AddTo(Command command, params ReadOnlySpan<Option> first)
    {
        command.Add(_model);
        command.Add(_corpus);
        foreach (Option option in (Option[])[.. first, .. Options])
        {
            command.Add(option);
        }
    }

    /// <summary>What is to be mined.</summary>
    /// <param name="given">The command line.</param>
    /// <param name="output">The study to write.</param>
    /// <param name="overwrite">Whether a study there is replaced.</param>
    /// <exception cref="UsageException">Options contradict each other, or one cannot be read.</exception>
    public MiningOptions Read(ParseResult given, string output, bool overwrite)
    {
        bool paper = given.GetValue(_preset) == Paper;
        string? compat = given.GetValue(_compat);
        if (compat is not null)
        {
            RefuseBeside(compat, (paper, "--preset paper"), (given.GetValue(_perPrefix), "--per-prefix"), (given.GetValue(_lastPosition), "--last-position"));
        }

        double? untilStable = given.GetValue(_untilStable);
        if (untilStable is not null and not (> 0 and < 1))
        {
            throw new UsageException("--until-stable takes a share of the memories between 0 and 1, such as 0.01.");
        }

        double? seconds = given.GetValue(_checkpointEvery);
        if (seconds is not null and not (>= 0 and <= 1e9))
        {
            throw new UsageException("--checkpoint-every takes a number of seconds of at least 0.");
        }

        string? neurons = given.GetValue(_neurons);
        return new MiningOptions
        {
            Model = given.GetRequiredValue(_model),
            Corpus = given.GetRequiredValue(_corpus),
            Output = output,
            Overwrite = overwrite,
            Unit = given.GetValue(_unit) ?? (compat is null ? UnitKind.Sentence : UnitKind.Line),
            TextField = given.GetRequiredValue(_textField),
            Limit = given.GetValue(_limit),
            Sample = given.GetValue(_sample),
            Seed = given.GetValue(_seed),
            Layers = given.GetValue(_layers) is { } layers ? LayerList.Parse(layers) : null,
            Neurons = neurons is null ? null : NeuronFile.Read(neurons),
            Bos = given.GetValue(_bos) ?? (compat is null ? BosPolicy.Auto : BosPolicy.Always),
            Compat = compat,
            Nulls = NullList.Parse(given.GetValue(_null) ?? []),
            NullSeed = given.GetValue(_nullSeed),
            UntilStable = untilStable,
            Checkpoints = seconds is { } every ? CheckpointInterval.Every(every) : CheckpointInterval.Automatic,
            Threads = given.GetValue(_threads) ?? Environment.ProcessorCount,
            Memory = given.GetValue(_memory) is { } memory ? SizeText.Parse(memory) : null,
            ChunkTokens = given.GetValue(_chunkTokens),
            Rules = new MiningRules
            {
                Top = given.GetValue(_top) ?? (compat is null ? 25 : 50),
                RankBy = given.GetValue(_rankBy) ?? RankBy.Post,
                PerPrefix = paper || given.GetValue(_perPrefix),
                Distinct = given.GetValue(_distinct),
                FirstPosition = compat is not null || given.GetValue(_firstPosition),
                FirstUnlessBos = paper,
                LastPosition = paper || given.GetValue(_lastPosition),
                SampleQuantiles = given.GetValue(_sampleQuantiles),
                SignCases = given.GetValue(_signCases),
                Seed = given.GetValue(_seed),
            },
        };
    }

    /// <summary>Refuses what no part of a corpus can be mined with.</summary>
    /// <param name="mining">What is to be mined.</param>
    /// <param name="parts">The option that asks for parts.</param>
    /// <exception cref="UsageException">The run is to end before its corpus does.</exception>
    public static void RefuseInParts(MiningOptions mining, string parts)
    {
        if (mining.UntilStable is not null)
        {
            throw new UsageException($"--until-stable and {parts} contradict each other: each part would end at another place. Leave one of them out.");
        }
    }

    /// <summary>The options that were given, on the command line or by the environment, for another run of <c>mine</c>: one word each, paths absolute.</summary>
    public IReadOnlyList<string> Words(ParseResult given)
    {
        var words = new List<string>();
        foreach (Option option in Options)
        {
            if (given.GetResult(option) is not { Implicit: false } result)
            {
                continue;
            }

            if (option is Option<bool> choice)
            {
                if (given.GetValue(choice))
                {
                    words.Add(choice.Name);
                }
            }
            else
            {
                words.AddRange(result.Tokens.Select(token => $"{option.Name}={(option == _neurons ? Path.GetFullPath(token.Value) : token.Value)}"));
            }
        }

        return words;
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
