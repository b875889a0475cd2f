using System.CommandLine;
using System.CommandLine.Parsing;

namespace Keyhole.Cli;

/// <summary>Says what is wrong with a command line.</summary>
internal static class UsageReport
{
    /// <summary>Code of every error of this kind.</summary>
    public const string Code = "KH6001";

    /// <summary>Prints the first error, what may have been meant, and where help is.</summary>
    /// <param name="parsed">A command line with errors.</param>
    /// <param name="environment">The environment variables that are at fault; empty where the words typed are.</param>
    /// <param name="console">Where it is printed.</param>
    /// <returns><see cref="ExitCode.Usage"/>.</returns>
    public static int Write(ParseResult parsed, string environment, CommandConsole console)
    {
        Command command = parsed.CommandResult.Command;
        string sentence = Sentence(parsed, command);
        if (environment.Length > 0)
        {
            sentence += $" It comes from the environment: {environment}.";
        }
        console.Fail(Code, sentence);
        console.Explain($"Try '{CommandPath(command)} --help'.");
        return ExitCode.Usage;
    }

    private static string Sentence(ParseResult parsed, Command command)
    {
        if (parsed.UnmatchedTokens.Count > 0)
        {
            string word = parsed.UnmatchedTokens[0];
            string kind = word.StartsWith('-') ? "an option" : command is RootCommand ? "a command" : "an argument";
            string meant = Suggestion.For(word, command) is { } name ? $" Did you mean '{name}'?" : "";
            return $"'{word}' is not {kind} of '{CommandPath(command)}'.{meant}";
        }
        if (command is RootCommand)
        {
            return $"Name a command: {string.Join(", ", command.Subcommands.Select(sub => sub.Name))}.";
        }
        ParseError error = parsed.Errors[0];
        if (error.SymbolResult is ArgumentResult { Tokens.Count: 0, Parent: CommandResult } missing)
        {
            return $"{missing.Argument.Name} is missing: {missing.Argument.Description}";
        }
        string message = string.Join(' ', error.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if ((error.SymbolResult as OptionResult ?? error.SymbolResult?.Parent) is OptionResult { Tokens: var words, Option: var option })
        {
            if (words.Count == 0)
            {
                return $"{option.Name} needs a value: {option.Description}";
            }
            Type type = Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType;
            if (type.IsEnum && message.StartsWith("Cannot parse", StringComparison.Ordinal))
            {
                return $"{option.Name} is '{words[0].Value}'; it takes {string.Join(", ", Enum.GetNames(type)).ToLowerInvariant()}.";
            }
            if (IsNumber(type) && message.StartsWith("Cannot parse", StringComparison.Ordinal))
            {
                return $"{option.Name} needs a number, not '{words[0].Value}'.";
            }
        }
        return message;
    }

    private static bool IsNumber(Type type)
        => Type.GetTypeCode(type) is >= TypeCode.SByte and <= TypeCode.Decimal;

    private static string CommandPath(Command command)
        => command is RootCommand || command.Parents.OfType<Command>().FirstOrDefault() is not { } parent ? "keyhole" : $"{CommandPath(parent)} {command.Name}";
}
