using System.Globalization;

namespace Keyhole.Cli.Mining;

/// <summary>Reads a list of layers: <c>0,4,8-11</c>.</summary>
internal static class LayerList
{
    private const int Most = 4096;

    /// <summary>The layers, each once, ascending.</summary>
    /// <exception cref="UsageException">The text is no such list.</exception>
    public static IReadOnlyList<int> Parse(string text)
    {
        var layers = new SortedSet<int>();
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            string[] ends = part.Split('-', StringSplitOptions.TrimEntries);
            if (ends.Length > 2 || !Number(ends[0], out int first) || !Number(ends[^1], out int last) || last < first)
            {
                throw new UsageException($"--layers '{text}': '{part}' is no layer or range of layers; write them as 0,4,8-11, from 0.");
            }

            layers.UnionWith(Enumerable.Range(first, last - first + 1));
        }

        return [.. layers];
    }

    private static bool Number(string text, out int number)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number < Most;
}
