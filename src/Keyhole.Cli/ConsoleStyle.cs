using System.CommandLine;

namespace Keyhole.Cli;

/// <summary>How to print, from the options, the environment and the kind of each stream.</summary>
/// <param name="Json">Results as JSON.</param>
/// <param name="LogJson">Progress, messages and errors as JSON lines.</param>
/// <param name="Quiet">No progress and no messages.</param>
/// <param name="Verbose">More messages.</param>
/// <param name="OutputIsTerminal">Standard output is a terminal.</param>
/// <param name="ErrorIsTerminal">Standard error is a terminal that can redraw a line.</param>
/// <param name="Colors">Colours are not switched off.</param>
internal sealed record ConsoleStyle(bool Json, bool LogJson, bool Quiet, bool Verbose, bool OutputIsTerminal, bool ErrorIsTerminal, bool Colors)
{
    /// <summary>Text without colours, as to a file.</summary>
    public static ConsoleStyle Plain { get; } = new(false, false, false, false, false, false, false);

    /// <summary>Colours on standard output.</summary>
    public bool OutputColors => Colors && OutputIsTerminal;

    /// <summary>Colours on standard error.</summary>
    public bool ErrorColors => Colors && ErrorIsTerminal;

    /// <summary>Reads the options and looks at the process's streams.</summary>
    public static ConsoleStyle From(ParseResult parsed, GlobalOptions global)
    {
        // https://no-color.org: set and not empty. TERM=dumb: a terminal that cannot move its cursor.
        bool dumb = Environment.GetEnvironmentVariable("TERM") == "dumb";
        bool noColor = parsed.GetValue(global.NoColor) || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };
        return new ConsoleStyle(
            parsed.GetValue(global.Json), parsed.GetValue(global.LogJson), parsed.GetValue(global.Quiet), parsed.GetValue(global.Verbose),
            !Console.IsOutputRedirected && !dumb, !Console.IsErrorRedirected && !dumb, !noColor);
    }
}
