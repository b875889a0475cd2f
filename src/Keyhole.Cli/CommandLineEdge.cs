using System.CommandLine;
using System.CommandLine.Invocation;
using System.Text;
using Keyhole.Cli.Commands;

namespace Keyhole.Cli;

/// <summary>The outermost layer of the command: reads the command line, runs the command, turns what goes wrong into a sentence and an exit code.</summary>
internal static class CommandLineEdge
{
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null }; // `--text @here` is a text.

    /// <summary>Runs the command line.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static int Run(string[] arguments)
    {
        var global = new GlobalOptions();
        RootCommand root = KeyholeRoot.Create(global);
        ParseResult typed = root.Parse(arguments, Parsing);
        using StopSignals? signals = typed.CommandResult.Command is KeyholeCommand { StopsAtOnce: true } ? null : new StopSignals();
        using var error = new StreamWriter(Console.OpenStandardError(), new UTF8Encoding(false)) { AutoFlush = true };
        using var console = new CommandConsole(StandardOutput.Open(), error);
        console.Style = ConsoleStyle.From(typed, global);
        try
        {
            ParseResult parsed = root.Parse(EnvironmentDefaults.Apply(typed, arguments, Environment.GetEnvironmentVariable), Parsing);
            console.Style = ConsoleStyle.From(parsed, global);
            int code = Run(typed, parsed, console, signals?.Token ?? CancellationToken.None);
            console.Flush();
            return code;
        }
        catch (OutputClosedException)
        {
            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (signals is { Token.IsCancellationRequested: true })
        {
            console.Note("keyhole: stopped.");
            return signals.ExitStatus;
        }
        catch (Exception failure) // The edge: nothing above this would tell the user anything.
        {
            return Report(failure, console);
        }
    }

    private static int Run(ParseResult typed, ParseResult parsed, CommandConsole console, CancellationToken stop)
    {
        if (parsed.Errors.Count > 0)
        {
            return typed.Errors.Count > 0
                ? UsageReport.Write(typed, "", console)
                : UsageReport.Write(parsed, EnvironmentDefaults.Describe(typed, Environment.GetEnvironmentVariable), console);
        }
        if (parsed.Action is CommandLineAction action && action != parsed.CommandResult.Command.Action)
        {
            // Help, version and completions.
            return parsed.Invoke(new InvocationConfiguration { Output = console.Output, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        return ((KeyholeCommand)parsed.CommandResult.Command).Run(parsed, console, stop);
    }

    private static int Report(Exception failure, CommandConsole console)
    {
        FailureReport report = FailureReport.For(failure);
        try
        {
            console.Flush(); // Results that are already there come before the error.
        }
        catch (Exception lost) when (lost is IOException or OutputClosedException)
        {
            console.Detail($"keyhole: standard output cannot be written: {lost.Message}");
        }
        console.Fail(report.Code, report.Sentence);
        if (console.Verbose)
        {
            console.Explain(failure.ToString());
        }
        return report.ExitStatus;
    }
}
