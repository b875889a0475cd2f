using System.CommandLine;

namespace Keyhole.Cli;

/// <summary>One command of <c>keyhole</c>: its options, its examples and what it does.</summary>
internal abstract class KeyholeCommand : Command
{
    /// <param name="name">The word after <c>keyhole</c>.</param>
    /// <param name="description">One sentence.</param>
    /// <param name="examples">Command lines shown at the end of the help, each with a remark after two spaces and <c>#</c> where one helps.</param>
    protected KeyholeCommand(string name, string description, params string[] examples)
        : base(name, description) => Examples = examples;

    /// <summary>Command lines shown at the end of the help.</summary>
    public IReadOnlyList<string> Examples { get; }

    /// <summary>True where a signal may end the process in the middle of the work, since nothing is left half-done; it then also ends a wait for standard input.</summary>
    public virtual bool StopsAtOnce => false;

    /// <summary>Does the work.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public abstract int Run(ParseResult options, CommandConsole console, CancellationToken stop);
}
