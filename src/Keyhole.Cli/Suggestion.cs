using System.CommandLine;

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
            .Select(name => ((string?)name, Edits(word, name)))
            .OrderBy(pair => pair.Item2).ThenBy(pair => pair.Item1, StringComparer.Ordinal)
            .FirstOrDefault((null, int.MaxValue));
        return edits <= Math.Min(MostEdits, word.Length / 2) ? best : null;
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours that turn one word into the other.</summary>
    public static int Edits(string from, string to)
    {
        int[,] edits = new int[from.Length + 1, to.Length + 1];
        for (int i = 0; i <= from.Length; i++)
        {
            for (int j = 0; j <= to.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    edits[i, j] = i + j;
                    continue;
                }
                int replaced = edits[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                int best = Math.Min(replaced, 1 + Math.Min(edits[i - 1, j], edits[i, j - 1]));
                bool swapped = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
                edits[i, j] = swapped ? Math.Min(best, edits[i - 2, j - 2] + 1) : best;
            }
        }
        return edits[from.Length, to.Length];
    }
}
