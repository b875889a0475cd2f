using System.Globalization;

namespace Keyhole.Cli.Captures;

/// <summary>Reads a list of token ids: <c>1,2,3</c>, or a file that holds one.</summary>
internal static class IdList
{
    /// <summary>The ids in order, at least one; numbers stand apart by commas, white space or both.</summary>
    /// <exception cref="UsageException">The text is neither such a list nor the path of a file with one.</exception>
    public static int[] Parse(string text)
    {
        if (TryParse(text, out int[] ids, out string wrong))
        {
            return ids;
        }
        if (!File.Exists(text))
        {
            throw new UsageException($"--ids '{Shown(text)}': {wrong}; write token ids as 1,2,3, or name a file of them.");
        }
        return TryParse(File.ReadAllText(text), out ids, out wrong)
            ? ids
            : throw new UsageException($"--ids: in the file '{text}', {wrong}; it takes token ids such as 1,2,3.");
    }

    private static bool TryParse(string text, out int[] ids, out string wrong)
    {
        string[] words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        string[] parts = [.. string.Join(' ', words).Split(',').SelectMany(part => part.Trim() is { Length: > 0 } some ? some.Split(' ') : [part])];
        ids = new int[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out ids[i]))
            {
                wrong = parts[i].Trim().Length == 0 ? (parts.Length == 1 ? "there is no id" : "an id is missing between two commas") : $"'{Shown(parts[i])}' is no token id";
                return false;
            }
        }
        wrong = "";
        return true;
    }

    private static string Shown(string text) => text.Length > 40 ? string.Concat(text.AsSpan(0, 40), "...") : text;
}
