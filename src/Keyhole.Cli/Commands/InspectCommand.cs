using System.CommandLine;
using Keyhole.Cli.Models;
using Keyhole.Engine.Checkpoints;

namespace Keyhole.Cli.Commands;

/// <summary><c>keyhole inspect</c>: what a model is, and what its files hold.</summary>
internal sealed class InspectCommand : KeyholeCommand
{
    private readonly Argument<string> _model = CommonOptions.Model();
    private readonly Option<bool> _tensors = new("--tensors") { Description = "List every tensor instead: name, storage type, shape, bytes." };
    private readonly Option<string?> _tensor = new("--tensor") { Description = "Write this tensor to the file of -o: as F32 where it holds floats or GGML blocks, else as it is.", HelpName = "NAME" };
    private readonly Option<string?> _output = new("--output", "-o") { Description = "The safetensors file that --tensor writes.", HelpName = "FILE" };

    /// <summary>Creates the command.</summary>
    public InspectCommand()
        : base("inspect", "Shows a model's family, shapes, feed-forward kind, parameters, tokenizer and memory needs; lists and extracts its tensors.",
            "keyhole inspect models/mini",
            "keyhole inspect model.gguf --tensors",
            "keyhole inspect model.gguf --tensor blk.0.ffn_up.weight -o up.safetensors")
    {
        Add(_model);
        Add(_tensors);
        Add(_tensor);
        Add(_output);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult options, CommandConsole console, CancellationToken stop)
    {
        string path = options.GetRequiredValue(_model);
        string? output = options.GetValue(_output);
        string? tensor = options.GetValue(_tensor);
        bool list = options.GetValue(_tensors);
        if (tensor is null != output is null || (tensor is not null && list))
        {
            throw new UsageException("--tensor NAME and -o FILE belong together, and without --tensors.");
        }
        if (tensor is not null)
        {
            using Checkpoint checkpoint = Checkpoint.Open(path);
            TensorExtraction.Write(checkpoint, checkpoint.Require(tensor), output!, stop);
            console.Note($"{output}: tensor '{tensor}' of {path}");
        }
        else if (list)
        {
            using Checkpoint checkpoint = Checkpoint.Open(path);
            TensorListing.Write(checkpoint, console);
        }
        else
        {
            ModelReport.Write(path, console);
        }
        return ExitCode.Done;
    }
}
