using System.CommandLine;
using System.Globalization;
using Keyhole.Cli.Mining;
using Keyhole.Cli.Slurm;
using Keyhole.Corpora;
using Keyhole.Engine;
using Keyhole.Mining;
using Keyhole.Mining.Nulls;
using Keyhole.Studies;

namespace Keyhole.Cli.Commands;

/// <summary><c>keyhole slurm</c>: the scripts that mine a study in shards on a cluster.</summary>
internal sealed class SlurmCommand : KeyholeCommand
{
    private readonly Option<string> _output = new("--output", "-o") { Description = "The study that is to come of it; scripts, logs and shards lie in STUDY.slurm beside it.", HelpName = "STUDY", Required = true };
    private readonly Option<int> _shards = new("--shards") { Description = "Parts that the corpus is dealt out to, each a task of a job array.", HelpName = "N", Required = true };
    private readonly Option<bool> _overwrite = new("--overwrite") { Description = "Replace the study, and STUDY.slurm with all its shards, if they exist." };
    private readonly Option<bool> _submit = new("--submit") { Description = "Submit the jobs at once." };
    private readonly Option<string?> _partition = new("--partition") { Description = "Partition to run in.", HelpName = "P" };
    private readonly Option<string?> _account = new("--account") { Description = "Account to charge.", HelpName = "A" };
    private readonly Option<string?> _qos = new("--qos") { Description = "Quality of service.", HelpName = "Q" };
    private readonly Option<string?> _constraint = new("--constraint") { Description = "Features that nodes must have.", HelpName = "X" };
    private readonly Option<string?> _time = new("--time") { Description = "Time limit of a job, as Slurm writes it: 4:00:00. A shard that meets it goes on in a new run.", HelpName = "T" };
    private readonly Option<int> _warn = new("--warn") { Description = "Seconds before the time limit at which a shard is told to write its checkpoint.", HelpName = "S", DefaultValueFactory = _ => 90 };
    private readonly Option<int?> _cpus = new("--cpus") { Description = "Processors of a shard; it mines with as many threads.", HelpName = "C" };
    private readonly Option<string?> _mem = new("--mem") { Description = "Memory of a job, as Slurm writes it: 16G. A shard keeps to 85% of it.", HelpName = "M" };
    private readonly Option<int?> _maxRunning = new("--max-running") { Description = "Most shards that run at a time.", HelpName = "K" };
    private readonly Option<string[]> _sbatch = new("--sbatch-option") { Description = "Another option of sbatch, for every job: --sbatch-option=--exclusive. May be repeated.", HelpName = "OPTION" };
    private readonly Option<string?> _keyhole = new("--keyhole") { Description = "How the command is called on the nodes. Default: as it was called here.", HelpName = "COMMAND" };
    private readonly MiningArguments _mining = new();

    /// <summary>Creates the command.</summary>
    public SlurmCommand()
        : base("slurm", "Writes a Slurm job array that mines a study in shards and merges them, and submits it with --submit. 'keyhole slurm status' follows it.",
            "keyhole slurm models/mini corpora/mini.train-sample.txt --unit line --shards 8 -o mini.study",
            "keyhole slurm model wiki/*.jsonl.gz --shards 64 --cpus 16 --mem 32G --time 4:00:00 --partition long -o wiki.study --submit",
            "keyhole slurm model wiki.txt --shards 64 --sample-quantiles --null directions,rotations -o wiki.study   # merged with its nulls",
            "keyhole slurm status wiki.study --resubmit")
    {
        _mining.AddTo(this, _output, _shards.AtLeast(1), _submit, _overwrite, _partition, _account, _qos, _constraint, _time, _warn.AtLeast(1), _cpus.AtLeast(1), _mem, _maxRunning.AtLeast(1), _sbatch, _keyhole);
        Add(new SlurmStatusCommand());
        SetAction(static _ => ExitCode.Done); // Tells the library that this command with subcommands can be run by itself; Run does the work.
    }

    /// <inheritdoc/>
    public override int Run(ParseResult options, CommandConsole console, CancellationToken stop)
    {
        string study = Path.GetFullPath(options.GetRequiredValue(_output));
        bool overwrite = options.GetValue(_overwrite);
        MiningOptions mining = _mining.Read(options, study, overwrite);
        SlurmFolder folder = SlurmFolder.Of(study);
        SlurmJob job = Job(options, mining);
        RequireUsable(mining, folder, overwrite);
        Write(job, folder);
        if (options.GetValue(_submit))
        {
            job = Submitter.Submit(job, folder, [.. Enumerable.Range(0, job.Shards)], []);
        }

        Tell(job, folder, console);
        return ExitCode.Done;
    }

    private SlurmJob Job(ParseResult options, MiningOptions mining)
    {
        int shards = options.GetValue(_shards);
        string[] others = options.GetValue(_sbatch) ?? [];
        if (shards > CorpusShard.MostShards)
        {
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--shards is {shards}; it must be at most {CorpusShard.MostShards}."));
        }

        if (others.FirstOrDefault(other => !other.StartsWith("--", StringComparison.Ordinal) || other.Length == 2) is { } odd)
        {
            throw new UsageException($"--sbatch-option is '{odd}'; write it as --sbatch-option=--name=value.");
        }

        MiningArguments.RefuseInParts(mining, _shards.Name);
        if (mining.Corpus.Contains("-"))
        {
            throw new UsageException("Jobs cannot read this command's standard input: name the files of the corpus.");
        }

        var job = new SlurmJob
        {
            Keyhole = options.GetValue(_keyhole) ?? RunningCommand.Words(),
            Model = Path.Exists(mining.Model) ? Path.GetFullPath(mining.Model) : mining.Model,
            Corpus = [.. mining.Corpus.Select(path => Path.GetFullPath(path))],
            Study = mining.Output,
            Overwrite = mining.Overwrite,
            Shards = shards,
            MaxRunning = options.GetValue(_maxRunning),
            WarnSeconds = options.GetValue(_warn),
            MiningOptions = _mining.Words(options),
            Request = new SlurmRequest
            {
                Partition = options.GetValue(_partition),
                Account = options.GetValue(_account),
                Qos = options.GetValue(_qos),
                Constraint = options.GetValue(_constraint),
                Time = options.GetValue(_time),
                Cpus = options.GetValue(_cpus),
                Memory = options.GetValue(_mem),
                Others = others,
            },
        };
        string[] words = [job.Study, job.Keyhole, job.Model, .. job.Corpus, .. job.MiningOptions, .. job.Request.ForArray()];
        if (words.Any(word => word.AsSpan().IndexOfAny('\n', '\r') >= 0))
        {
            throw new UsageException("A path or option has a line break in it, which the lines of a job script cannot hold.");
        }

        return job.Study.Contains('\\', StringComparison.Ordinal) ? throw new UsageException($"-o {job.Study}: Slurm takes a backslash in the path of a log for something else; choose another path.") : job;
    }

    // What would fail on every node fails here.
    private static void RequireUsable(MiningOptions mining, SlurmFolder folder, bool overwrite)
    {
        foreach (string output in (string[])[mining.Output, .. mining.Nulls.Select(kind => NullStudy.PathOf(mining.Output, kind))])
        {
            StudyWriter.RequireFree(output, overwrite);
        }

        if (Path.Exists(folder.Path) && !(File.Exists(folder.JobFile) && (overwrite || (folder.IsUnused && SlurmJob.Read(folder).Submissions.Count == 0))))
        {
            throw new InputRefusedException("KH6012", $"{folder.Path} exists already: 'keyhole slurm status' goes on with its shards; --overwrite throws them away and starts anew, where they are of a 'keyhole slurm'.");
        }

        using var miner = new Miner(mining);
        Corpus.Open(mining.Corpus, new CorpusOptions());
    }

    private static void Write(SlurmJob job, SlurmFolder folder)
    {
        if (Directory.Exists(folder.Path))
        {
            Directory.Delete(folder.Path, recursive: true);
        }

        Directory.CreateDirectory(folder.Logs);
        Directory.CreateDirectory(folder.Shards);
        File.WriteAllText(folder.MineScript, JobScripts.Mine(job, folder));
        File.WriteAllText(folder.MergeScript, JobScripts.Merge(job, folder));
        job.Write(folder);
    }

    private static void Tell(SlurmJob job, SlurmFolder folder, CommandConsole console)
    {
        Submission? submitted = job.Submissions is [.., Submission last] ? last : null;
        if (console.Json)
        {
            console.WriteJson(1, json =>
            {
                json.WriteString("folder", folder.Path);
                json.WriteString("study", job.Study);
                json.WriteNumber("shards", job.Shards);
                json.WriteString("arrayJob", submitted?.ArrayJob);
                json.WriteString("mergeJob", submitted?.MergeJob);
            });
            return;
        }

        console.Output.Write(string.Create(CultureInfo.InvariantCulture, $"{folder.Path}: mine.sbatch (a job array of {job.Shards} shards), merge.sbatch, job.json\n"));
        console.Output.Write(submitted is null
            ? $"""
                Submit them with
                  keyhole slurm status --resubmit {ShellText.Word(job.Study)}
                or by hand:
                  array=$(sbatch --parsable {ShellText.Word(folder.MineScript)})
                  sbatch --dependency=afterok:"$array" {ShellText.Word(folder.MergeScript)}

                """
            : $"Submitted: array {submitted.ArrayJob}, merge {submitted.MergeJob}.\n");
        console.Output.Write($"Follow it:\n  keyhole slurm status {ShellText.Word(job.Study)}\n");
    }
}
