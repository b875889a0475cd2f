using System.CommandLine;
using System.Globalization;
using Keyhole.Cli.Bench;
using Keyhole.Cli.Mining;
using Keyhole.Cli.Planning;
using Keyhole.Cli.Slurm;
using Keyhole.Engine.Models;
using Keyhole.Engine.Tokens;
using Keyhole.Mining;
using Keyhole.Planning;

namespace Keyhole.Cli.Commands;

/// <summary><c>keyhole plan</c>: what mining will take, before it is begun.</summary>
internal sealed class PlanCommand : KeyholeCommand
{
    private const int LargestProduct = 4096;
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_measure = TimeSpan.FromSeconds(1);
    private readonly Option<int?> _shards = new("--shards") { Description = "Parts that the corpus is to be dealt out to. Default: so many that each takes --hours.", HelpName = "N" };
    private readonly Option<double> _hours = new("--hours") { Description = "Hours that a shard should take.", HelpName = "H", DefaultValueFactory = _ => 4 };
    private readonly Option<double?> _gflops = new("--gflops") { Description = "Rate of matrix products of the machines that will mine, in Gflop/s, as 'keyhole bench' measures it there. Default: measured here.", HelpName = "X" };
    private readonly MiningArguments _mining = new();

    /// <summary>Creates the command.</summary>
    public PlanCommand()
        : base("plan", "Tells what mining a corpus will take: units, tokens, hours, memory and disk, in one run and in shards. A large corpus is sampled for about ten seconds.",
            "keyhole plan models/mini corpora/mini.train-sample.txt --unit line",
            "keyhole plan model wiki/*.jsonl.gz --threads 16 --gflops 900 --hours 8",
            "keyhole plan model wiki.txt --sample-quantiles --null directions,rotations   # what nulls and samples take beside the rest",
            "keyhole plan model wiki.txt --shards 64 --json")
        => _mining.AddTo(this, _shards.AtLeast(1), _hours, _gflops);

    /// <inheritdoc/>
    public override int Run(ParseResult options, CommandConsole console, CancellationToken stop)
    {
        MiningOptions mining = _mining.Read(options, string.Empty, overwrite: false);
        double hours = options.GetValue(_hours);
        double? given = options.GetValue(_gflops);
        if (!(hours is > 0 and < 1e6) || given is not null and not (> 0 and < 1e9))
        {
            throw new UsageException("--hours and --gflops take numbers above 0.");
        }

        if (mining.Corpus.Contains("-"))
        {
            throw new UsageException("Standard input cannot be looked at before it is mined: name the files of the corpus.");
        }

        int? shards = options.GetValue(_shards);
        if (shards > 1)
        {
            MiningArguments.RefuseInParts(mining, _shards.Name);
        }

        using Model model = Model.Open(mining.Model);
        Miner.RequirePossible(mining, model.Spec);
        Tokenizer tokenizer = TokenizerLoader.Load(mining.Model);
        CorpusEstimate corpus = CorpusEstimator.Run(mining, model.Spec, tokenizer, s_look, stop);
        double rate = given * 1e9 ?? Rate(model.Spec, mining.Threads, stop);
        RunEstimate estimate = RunEstimate.Make(mining, model.Spec, tokenizer.VocabularySize, corpus, rate, mining.UntilStable is null ? shards : 1, hours * 3600);
        var report = new PlanReport(estimate, model.Spec, rate, given is null, mining);
        string command = Command(options, mining, estimate);
        if (console.Json)
        {
            console.WriteJson(PlanReport.SchemaVersion, json =>
            {
                report.WriteProperties(json);
                json.WriteString("command", command);
            });
        }
        else
        {
            console.WriteFields(report.Fields());
            console.Output.Write($"\n{command}\n");
        }

        return ExitCode.Done;
    }

    // A product of the model's own shape, or of a part of it that is as fast.
    private static double Rate(ModelSpec spec, int threads, CancellationToken stop)
        => GemmRate.Measure(Math.Min(spec.Blocks[0].FeedForward.ExpertSize, LargestProduct), Math.Min(spec.Width, LargestProduct), threads, s_measure, stop);

    // What to run next. The script of a shard mines within 85% of what Slurm grants, and a shard that meets its limit goes on in a new run.
    private string Command(ParseResult options, MiningOptions mining, RunEstimate estimate)
    {
        string name = Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(mining.Corpus[0]));
        string study = string.Concat(name.Where(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_').DefaultIfEmpty('a')) + ".study";
        string[] own = ["--threads=", "--memory="];
        string what = ShellText.Words([mining.Model, .. mining.Corpus, .. _mining.Words(options).Where(word => !own.Any(name => word.StartsWith(name, StringComparison.Ordinal)))]);
        long gigabytes = (long)Math.Ceiling(estimate.Memory.Total / 0.85 / (1L << 30));
        double hours = Math.Ceiling(1.5 * estimate.ShardSeconds / 3600);
        return estimate.Shards == 1
            ? $"keyhole mine {ShellText.Words([mining.Model, .. mining.Corpus, .. _mining.Words(options)])} -o {ShellText.Word(study)}"
            : string.Create(CultureInfo.InvariantCulture, $"keyhole slurm {what} --shards {estimate.Shards} --cpus {mining.Threads} --mem {gigabytes}G --time {hours}:00:00 -o {ShellText.Word(study)} --submit");
    }
}
