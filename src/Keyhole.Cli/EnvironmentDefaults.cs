using System.CommandLine;

namespace Keyhole.Cli;

/// <summary>Gives every option that is not on the command line the value of its environment variable: <c>--threads</c> is <c>KEYHOLE_THREADS</c>.</summary>
internal static class EnvironmentDefaults
{
    /// <summary>Name of the variable that belongs to an option.</summary>
    public static string VariableOf(Option option)
        => "KEYHOLE_" + option.Name.TrimStart('-').Replace('-', '_').ToUpperInvariant();

    /// <summary>The command line with what the environment adds, in the form <c>--option=value</c>, just after the command's name.</summary>
    /// <param name="typed">The command line as it was typed.</param>
    /// <param name="arguments">The same, in words.</param>
    /// <param name="read">Reads a variable; null where it is not set.</param>
    /// <exception cref="UsageException">The variable of a switch says neither yes nor no.</exception>
    public static string[] Apply(ParseResult typed, string[] arguments, Func<string, string?> read)
    {
        string[] added = [.. Set(typed, read).Select(pair => pair.Option is Option<bool> ? $"{pair.Option.Name}={IsYes(pair.Variable, pair.Value)}" : $"{pair.Option.Name}={pair.Value}")];
        int afterName = Array.IndexOf(arguments, typed.CommandResult.Command.Name) + 1;
        return [.. arguments[..afterName], .. added, .. arguments[afterName..]];
    }

    /// <summary>The variables that take part, as <c>KEYHOLE_THREADS=4</c>.</summary>
    public static string Describe(ParseResult typed, Func<string, string?> read)
        => string.Join(", ", Set(typed, read).Select(pair => $"{pair.Variable}={pair.Value}"));

    private static IEnumerable<(Option Option, string Variable, string Value)> Set(ParseResult typed, Func<string, string?> read)
    {
        if (typed.CommandResult.Command is not KeyholeCommand command)
        {
            yield break;
        }
        IEnumerable<Option> options = typed.RootCommandResult.Command.Options.Where(option => option.Recursive).Concat(command.Options);
        foreach (Option option in options.Where(option => option.Action is null))
        {
            string variable = VariableOf(option);
            if (typed.GetResult(option) is null or { Implicit: true } && read(variable) is { Length: > 0 } value)
            {
                yield return (option, variable, value);
            }
        }
    }

    private static bool IsYes(string variable, string value) => value.ToUpperInvariant() switch
    {
        "1" or "TRUE" or "YES" or "ON" => true,
        "0" or "FALSE" or "NO" or "OFF" => false,
        _ => throw new UsageException($"The environment variable {variable} is '{value}'; it takes 1 or 0."),
    };
}
