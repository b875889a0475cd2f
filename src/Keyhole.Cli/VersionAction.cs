using System.CommandLine;
using System.CommandLine.Invocation;

namespace Keyhole.Cli;

/// <summary>Prints <c>keyhole 1.2.3</c>.</summary>
internal sealed class VersionAction : SynchronousCommandLineAction
{
    /// <summary>The version of this build, without the commit.</summary>
    public static string Version { get; } = typeof(VersionAction).Assembly.GetName().Version!.ToString(3);

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine($"keyhole {Version}");
        return ExitCode.Done;
    }
}
