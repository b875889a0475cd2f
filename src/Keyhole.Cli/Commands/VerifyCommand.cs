using System.CommandLine;
using Keyhole.Cli.Verifying;
using Keyhole.Engine.Models;
using Keyhole.Verification;

namespace Keyhole.Cli.Commands;

/// <summary><c>keyhole verify</c>: a model's activations beside those of other software.</summary>
internal sealed class VerifyCommand : KeyholeCommand
{
    private readonly Argument<string?> _model = new("MODEL") { Description = "A model: a folder in Hugging Face layout or a .gguf file. Not with --all.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string[]> _against = new("--against") { Description = "Reference captures: safetensors files with input_ids and values at named sites; a folder stands for its golden-*.safetensors.", HelpName = "FILE", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string?> _all = new("--all") { Description = "Instead of one model all of a folder, one line each: NAME/ with golden-*.safetensors in it, NAME.gguf with NAME.golden-*.safetensors beside it.", HelpName = "FOLDER" };
    private readonly Option<double> _tolerance = new("--tolerance") { Description = "Largest difference that is allowed, relative to the largest value of the reference tensor.", HelpName = "X", DefaultValueFactory = _ => 1e-4 };
    private readonly Option<bool> _markdown = new("--markdown") { Description = "The table of --all as Markdown." };
    private readonly Option<int?> _threads = CommonOptions.Threads();

    /// <summary>Creates the command.</summary>
    public VerifyCommand()
        : base("verify", "Runs saved reference captures through a model and prints how far its values are from theirs, by site and layer; exits with 1 where one is beyond the tolerance.",
            "keyhole verify tests/Keyhole.Cli.Tests/Golden/llama --against tests/Keyhole.Cli.Tests/Golden/llama/golden-0.safetensors",
            "keyhole verify model.gguf --against goldens --tolerance 2e-4 --json   # every golden-*.safetensors of the folder",
            "keyhole verify --all tests/Keyhole.Cli.Tests/Golden --markdown")
    {
        Add(_model);
        foreach (Option option in (Option[])[_against, _all, _tolerance, _markdown, _threads])
        {
            Add(option);
        }
    }

    /// <inheritdoc/>
    public override int Run(ParseResult options, CommandConsole console, CancellationToken stop)
    {
        string? path = options.GetValue(_model);
        string[] against = options.GetValue(_against) ?? [];
        string? folder = options.GetValue(_all);
        double tolerance = options.GetValue(_tolerance);
        bool markdown = options.GetValue(_markdown);
        int threads = options.GetValue(_threads) ?? Environment.ProcessorCount;
        if (folder is null ? path is null || against.Length == 0 : path is not null || against.Length > 0)
        {
            throw new UsageException("verify takes either MODEL with --against FILE, or --all FOLDER.");
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
}
