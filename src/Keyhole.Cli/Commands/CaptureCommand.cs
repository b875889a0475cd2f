using System.CommandLine;
using Keyhole.Cli.Captures;
using Keyhole.Engine.Models;
using Keyhole.Engine.Tokens;
using Keyhole.Mining;

namespace Keyhole.Cli.Commands;

/// <summary><c>keyhole capture</c>: the activations of one forward pass at named sites.</summary>
internal sealed class CaptureCommand : KeyholeCommand
{
    private readonly Argument<string> _model = CommonOptions.Model();
    private readonly Option<string?> _text = new("--text") { Description = "The text to run.", HelpName = "TEXT" };
    private readonly Option<string?> _ids = new("--ids") { Description = "The token ids to run, exactly as given: 1,2,3, or a file of them. Needs no tokenizer; no BOS is added.", HelpName = "IDS" };
    private readonly Option<BosPolicy?> _bos = CommonOptions.Bos();
    private readonly Option<string[]> _sites = new("--sites") { Description = "Sites to write, by name, with * and ?; may be given several times. Default: all.", HelpName = "GLOB" };
    private readonly Option<string> _output = new("--output", "-o") { Description = "The safetensors file to write.", HelpName = "FILE", Required = true };
    private readonly Option<int?> _threads = CommonOptions.Threads();

    /// <summary>Creates the command.</summary>
    public CaptureCommand()
        : base("capture", "Runs a text through a model and writes its activations at named sites, with the most likely next tokens.",
            "keyhole capture models/mini --text 'The capital of France is' -o france.safetensors",
            "keyhole capture models/mini --ids 0,585,1978 -o ids.safetensors --sites 'blocks.3.*' --sites logits",
            "keyhole capture model.gguf --text 'Hello' -o post.safetensors --sites '*.mlp.hook_post' --json   # what was written")
    {
        Add(_model);
        foreach (Option option in (Option[])[_text, _ids, _bos, _sites, _output, _threads])
        {
            Add(option);
        }
    }

    /// <inheritdoc/>
    public override int Run(ParseResult options, CommandConsole console, CancellationToken stop)
    {
        string path = options.GetRequiredValue(_model);
        string? text = options.GetValue(_text);
        string? list = options.GetValue(_ids);
        BosPolicy? bos = options.GetValue(_bos);
        if (text is null == list is null)
        {
            throw new UsageException("capture takes either --text TEXT or --ids IDS.");
        }
        if (list is not null && bos is not null)
        {
            throw new UsageException("--bos belongs to --text: the ids of --ids are run as they are.");
        }
        int[]? ids = list is null ? null : IdList.Parse(list);
        using Model model = Model.Open(path);
        Tokenizer? tokenizer = ids is null ? TokenizerLoader.Load(path) : OptionalTokenizer.Load(path, console.Detail);
        var run = new CaptureRun
        {
            Ids = ids ?? Encode(tokenizer!, text!, bos ?? BosPolicy.Auto),
            Sites = options.GetValue(_sites) is { Length: > 0 } sites ? sites : ["*"],
            Output = options.GetRequiredValue(_output),
            Threads = options.GetValue(_threads) ?? Environment.ProcessorCount,
        };
        run.Execute(model, tokenizer, console, stop);
        return ExitCode.Done;
    }

    private static int[] Encode(Tokenizer tokenizer, string text, BosPolicy bos)
    {
        int[] ids = BosEncoding.Encode(tokenizer, text, bos).Ids;
        return ids.Length > 0 ? ids : throw new UsageException("--text is empty, and gives no token.");
    }
}
