namespace Keyhole.Cli.Slurm;

/// <summary>Writes words so that a shell, or sbatch's own reader of <c>#SBATCH</c> lines, takes each for what it is.</summary>
internal static class ShellText
{
    /// <summary>A word of a POSIX shell: bare where no character of it means anything, else in single quotes.</summary>
    public static string Word(string text)
        => text.Length > 0 && text.All(IsPlain) ? text : $"'{text.Replace("'", """'\''""", StringComparison.Ordinal)}'";

    /// <summary>Words with spaces between.</summary>
    public static string Words(IEnumerable<string> words) => string.Join(' ', words.Select(Word));

    /// <summary>A value in a <c>#SBATCH --option=value</c> line: bare where possible, else in double quotes with <c>\</c> before <c>"</c> and <c>\</c>.</summary>
    /// <remarks>That is how <c>sbatch</c> 22.05 reads these lines; it looks at no <c>$</c> there.</remarks>
    public static string DirectiveValue(string text)
        => text.Length > 0 && text.All(IsPlain)
            ? text
            : $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || "_-./=:,+@%".Contains(c, StringComparison.Ordinal);
}
