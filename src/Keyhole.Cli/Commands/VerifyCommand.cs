using System.CommandLine;
using Keyhole.Cli.Verifying;
using Keyhole.Engine.Models;
using Keyhole.Verification;
using Keyhole.Verification.Studies;

namespace Keyhole.Cli.Commands;

/// <summary><c>keyhole verify</c>: a model's activations beside those of other software, or a study beside its model.</summary>
internal sealed class VerifyCommand : KeyholeCommand
{
    private readonly Argument<string?> _model = new("MODEL_OR_STUDY") { Description = "A model, to be held beside captures of other software (--against), or a study, to be held beside its model. Not with --all.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string[]> _against = new("--against") { Description = "Reference captures: safetensors files with input_ids and values at named sites; a folder stands for its golden-*.safetensors.", HelpName = "FILE", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string?> _all = new("--all") { Description = "Instead of one model all of a folder, one line each: NAME/ with golden-*.safetensors in it, NAME.gguf with NAME.golden-*.safetensors beside it.", HelpName = "FOLDER" };
    private readonly Option<double> _tolerance = new("--tolerance") { Description = "Largest difference that is allowed, relative to the largest value of the reference tensor.", HelpName = "X", DefaultValueFactory = _ => 1e-4 };
    private readonly Option<bool> _markdown = new("--markdown") { Description = "The table of --all as Markdown." };
    private readonly Option<string?> _studyModel = new("--model") { Description = "Of a study: its model, if it is elsewhere now.", HelpName = "MODEL" };
    private readonly Option<int> _sample = new Option<int>("--sample") { Description = "Of a study: units that are mined again and compared.", HelpName = "N", DefaultValueFactory = _ => 200 }.AtLeast(1);
    private readonly Option<ulong> _seed = new("--seed") { Description = "Of a study: which units.", HelpName = "S" };
    private readonly Option<bool> _full = new("--full") { Description = "Of a study: mine all units again, and compare every list and all statistics." };
    private readonly Option<string[]> _corpus = new("--corpus") { Description = "Of a study: its corpus, if it is elsewhere now.", HelpName = "PATH", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string?> _memory = new("--memory") { Description = "Of a study: memory to keep to, such as 400MiB or 3GiB. Default: 1GiB, or what the model needs.", HelpName = "SIZE" };
    private readonly Option<int?> _threads = CommonOptions.Threads();

    /// <summary>Creates the command.</summary>
    public VerifyCommand()
        : base("verify", "Runs saved reference captures through a model and prints how far its values are from theirs, by site and layer; exits with 1 where one is beyond the tolerance. Or checks a study: by itself, its hashes, and by mining some of its units again.",
            "keyhole verify tests/Keyhole.Cli.Tests/Golden/llama --against tests/Keyhole.Cli.Tests/Golden/llama/golden-0.safetensors",
            "keyhole verify model.gguf --against goldens --tolerance 2e-4 --json   # every golden-*.safetensors of the folder",
            "keyhole verify --all tests/Keyhole.Cli.Tests/Golden --markdown",
            "keyhole verify mini.study --model models/mini --sample 50",
            "keyhole verify mini.study --full   # every memory, to the byte")
    {
        Add(_model);
        foreach (Option option in (Option[])[_against, _all, _tolerance, _markdown, _studyModel, _sample, _seed, _full, _corpus, _memory, _threads])
        {
            Add(option);
        }
    }

    /// <inheritdoc/>
    public override int Run(ParseResult options, CommandConsole console, CancellationToken stop)
    {
        string? path = options.GetValue(_model);
        if (path is not null && (options.GetValue(_studyModel) is not null || StudyReport.IsStudy(path)))
        {
            return VerifyStudy(path, options, console, stop);
        }

        string[] against = options.GetValue(_against) ?? [];
        string? folder = options.GetValue(_all);
        double tolerance = options.GetValue(_tolerance);
        bool markdown = options.GetValue(_markdown);
        int threads = options.GetValue(_threads) ?? Environment.ProcessorCount;
        if (folder is null ? path is null || against.Length == 0 : path is not null || against.Length > 0)
        {
            throw new UsageException("verify takes either MODEL with --against FILE, or --all FOLDER, or STUDY (with --model MODEL where that is not where it was).");
        }
        if (markdown && (folder is null || console.Json))
        {
            throw new UsageException("--markdown belongs to --all, without --json.");
        }
        if (!(tolerance >= 0 && double.IsFinite(tolerance)))
        {
            throw new UsageException("--tolerance must be a number of at least 0.");
        }
        return folder is not null
            ? new FolderVerification(tolerance, threads, markdown).Run(folder, console, stop)
            : RunOne(path!, ReferenceFiles.Of(against), tolerance, threads, console, stop);
    }

    private static int RunOne(string path, IReadOnlyList<string> files, double tolerance, int threads, CommandConsole console, CancellationToken stop)
    {
        using Model model = Model.Open(path);
        using var check = new ReferenceCheck(model, threads);
        var report = new VerificationReport(path, model.Spec.Family, tolerance, [.. files.Select(file => check.Run(file, stop))]);
        report.Write(console);
        return report.IsWithin ? ExitCode.Done : ExitCode.Failed;
    }

    private int VerifyStudy(string study, ParseResult options, CommandConsole console, CancellationToken stop)
    {
        if (options.GetValue(_against) is { Length: > 0 } || options.GetValue(_all) is not null || options.GetValue(_markdown))
        {
            throw new UsageException("--against, --all and --markdown are for models; a study is verified with --model, --sample, --seed, --full and --corpus.");
        }

        string[] corpus = options.GetValue(_corpus) ?? [];
        var verification = new StudyVerificationOptions
        {
            Study = study,
            Model = options.GetValue(_studyModel),
            Sample = options.GetValue(_sample),
            Seed = options.GetValue(_seed),
            Full = options.GetValue(_full),
            Corpus = corpus.Length == 0 ? null : corpus,
            Memory = options.GetValue(_memory) is { } memory ? SizeText.Parse(memory) : null,
            Threads = options.GetValue(_threads) ?? Environment.ProcessorCount,
        };
        StudyVerdict verdict = console.WithProgress(progress => StudyVerification.Run(verification, new ShareProgress(progress, "verifying"), stop));
        new StudyReport(study, verdict).Write(console);
        return verdict.IsVerified ? ExitCode.Done : ExitCode.Failed;
    }
}
