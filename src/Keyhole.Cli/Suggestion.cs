using System.CommandLine;
using Keyhole.Engine;

namespace Keyhole.Cli;

/// <summary>Finds what a mistyped word may have meant.</summary>
internal static class Suggestion
{
    private const int MostEdits = 3;

    /// <summary>The command or option of <paramref name="command"/> nearest to <paramref name="word"/>, or null where none is near.</summary>
    public static string? For(string word, Command command)
    {
        IEnumerable<string> names = command.Subcommands.Select(sub => sub.Name)
            .Concat(command.Options.Select(option => option.Name))
            .Concat(command.Parents.OfType<Command>().SelectMany(parent => parent.Options.Where(option => option.Recursive)).Select(option => option.Name))
            .Where(name => name.StartsWith('-') == word.StartsWith('-'));
        (string? best, int edits) = names
            .Select(name => ((string?)name, EditDistance.Between(word, name)))
            .OrderBy(pair => pair.Item2).ThenBy(pair => pair.Item1, StringComparer.Ordinal)
            .FirstOrDefault((null, int.MaxValue));
        return edits <= Math.Min(MostEdits, word.Length / 2) ? best : null;
    }
}
