using System.CommandLine;

namespace Keyhole.Cli.Commands;

/// <summary><c>keyhole inspect</c>: what a model's files hold.</summary>
internal sealed class InspectCommand : KeyholeCommand
{
    private readonly Argument<string> _model = new("MODEL") { Description = "A model folder, a file, or org/name." };

    /// <summary>Creates the command.</summary>
    public InspectCommand()
        : base("inspect", "Shows what is inside.", "keyhole inspect models/mini")
    {
        Add(_model);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult options, CommandConsole console, CancellationToken stop)
    {
        console.WriteTable(["name", ">n"], [["a", "1"], ["bb[x]", "22"]]);
        return ExitCode.Done;
    }
}
