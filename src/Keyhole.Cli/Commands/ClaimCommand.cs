using System.CommandLine;
using Keyhole.Claiming;
using Keyhole.Cli.Claiming;

namespace Keyhole.Cli.Commands;

/// <summary><c>keyhole claim</c>: tests what is said of memories over every position of a corpus, and finds the memories that detect something best.</summary>
internal sealed class ClaimCommand : KeyholeCommand
{
    private const string AveragePrecision = "average-precision";
    private const string Auroc = "auroc";
    private readonly Argument<string> _study = CommonOptions.Study();
    private readonly Argument<string> _claims = new("CLAIMS") { Description = "A YAML file of claims (docs/claims.md)." };
    private readonly Option<string?> _model = CommonOptions.StudyModel();
    private readonly Option<string[]> _corpus = new("--corpus") { Description = "Test on other texts: files, folders or patterns. Default: the study's own.", HelpName = "PATH", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string?> _labels = new("--labels") { Description = "Labels for claims that speak of them: JSON lines of unit, label and, where it is of one position, position.", HelpName = "FILE" };
    private readonly Option<bool> _find = new("--find") { Description = "Search all memories for the best detector of every claim's predicate, whatever memory it names." };
    private readonly Option<string?> _layers = new("--layers") { Description = "Layers to search in, from 0: 0,4,8-11. Default: all.", HelpName = "LIST" };
    private readonly Option<string> _by = new("--by") { Description = "What the best are chosen by: average-precision or auroc.", HelpName = "MEASURE", DefaultValueFactory = _ => AveragePrecision };
    private readonly Option<int> _best = new("--best") { Description = "Compute so many of the best exactly.", HelpName = "N", DefaultValueFactory = _ => 100 };
    private readonly Option<int> _limit = new("--limit") { Description = "Show so many of them.", HelpName = "N", DefaultValueFactory = _ => 10 };
    private readonly Option<bool> _examples = new("--examples") { Description = "Show positions in their texts: hits, active without the predicate, and the predicate without activity." };
    private readonly Option<bool> _noSave = new("--no-save") { Description = "Leave the study as it is; otherwise it keeps the results, in place of earlier ones." };
    private readonly Option<ulong> _seed = new("--seed") { Description = "Seed of the halves, the resamples and the examples.", HelpName = "S" };
    private readonly Option<int?> _threads = CommonOptions.Threads();

    /// <summary>Creates the command.</summary>
    public ClaimCommand()
        : base("claim", "Tests claims 'this memory fires iff P' over every position of a corpus: precision, recall, AUROC and more, with intervals and verdicts. Or finds the memories that detect P best.",
            "keyhole claim mini.study claims.yaml",
            "keyhole claim mini.study claims.yaml --corpus held-out.txt --examples",
            "keyhole claim mini.study claims.yaml --find   # which memory detects it best?")
    {
        Add(_study);
        Add(_claims);
        _by.AcceptOnlyFromAmong(AveragePrecision, Auroc);
        foreach (Option option in (Option[])[_model, _corpus, _labels, _find, _layers, _by, _best.AtLeast(1), _limit.AtLeast(1), _examples, _noSave, _seed, _threads])
        {
            Add(option);
        }
    }

    /// <inheritdoc/>
    public override int Run(ParseResult options, CommandConsole console, CancellationToken stop)
    {
        string[] corpus = options.GetValue(_corpus) ?? [];
        if (corpus.Contains("-"))
        {
            throw new UsageException("--corpus -: texts are read more than once here; write them into a file.");
        }

        var claims = new ClaimOptions
        {
            Study = options.GetRequiredValue(_study),
            Claims = options.GetRequiredValue(_claims),
            Model = options.GetValue(_model),
            Corpus = corpus.Length == 0 ? null : corpus,
            Labels = options.GetValue(_labels),
            Find = options.GetValue(_find),
            Layers = options.GetValue(_layers) is { } layers ? Mining.LayerList.Parse(layers) : null,
            By = options.GetValue(_by) == Auroc ? ScreenedBy.Auroc : ScreenedBy.AveragePrecision,
            Best = options.GetValue(_best),
            Shown = options.GetValue(_limit),
            Seed = options.GetValue(_seed),
            Save = !options.GetValue(_noSave),
            Threads = options.GetValue(_threads) ?? Environment.ProcessorCount,
        };
        ClaimRun run = console.WithProgress(progress => ClaimTester.Run(claims, new PhaseProgress(progress), stop));
        if (console.Json)
        {
            ClaimReport.WriteJson(console, run);
        }
        else
        {
            ClaimReport.WriteText(console, run, claims.Shown, options.GetValue(_examples));
        }

        return ExitCode.Done;
    }
}
