using System.CommandLine;

namespace Keyhole.Cli;

/// <summary>The options that every command has.</summary>
internal sealed class GlobalOptions
{
    /// <summary>Results as JSON instead of text.</summary>
    public Option<bool> Json { get; } = Switch("--json", "Print results as JSON.");

    /// <summary>Standard error as JSON lines.</summary>
    public Option<bool> LogJson { get; } = Switch("--log-json", "Print progress, messages and errors as JSON lines, on standard error.");

    /// <summary>No progress, no messages.</summary>
    public Option<bool> Quiet { get; } = Switch("--quiet", "Print results and errors only: no progress, no messages.", "-q");

    /// <summary>More messages, and the stack of an error.</summary>
    public Option<bool> Verbose { get; } = Switch("--verbose", "Print more messages, and where an error came from.", "-v");

    /// <summary>No colours.</summary>
    public Option<bool> NoColor { get; } = Switch("--no-color", "No colours (as with the environment variable NO_COLOR).");

    /// <summary>Makes them options of <paramref name="root"/> and of all its subcommands.</summary>
    public void AddTo(RootCommand root)
    {
        root.Add(Json);
        root.Add(LogJson);
        root.Add(Quiet);
        root.Add(Verbose);
        root.Add(NoColor);
    }

    private static Option<bool> Switch(string name, string description, params string[] aliases)
        => new(name, aliases) { Description = description, Recursive = true };
}
