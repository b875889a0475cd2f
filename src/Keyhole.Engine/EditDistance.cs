namespace Keyhole.Engine;

/// <summary>How far two words are apart, to find what a mistyped one may have meant.</summary>
public static class EditDistance
{
    /// <summary>Insertions, deletions, replacements and swaps of neighbours that turn one word into the other (Damerau and Levenshtein, no letter edited twice).</summary>
    public static int Between(ReadOnlySpan<char> from, ReadOnlySpan<char> to)
    {
        // Rows i - 2, i - 1 and i of the table of distances between the first i letters of one and the first j of the other.
        int[] before = new int[to.Length + 1];
        int[] previous = new int[to.Length + 1];
        int[] row = new int[to.Length + 1];
        for (int j = 0; j <= to.Length; j++)
        {
            row[j] = j;
        }
        for (int i = 1; i <= from.Length; i++)
        {
            (before, previous, row) = (previous, row, before);
            row[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int replaced = previous[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                row[j] = Math.Min(replaced, 1 + Math.Min(previous[j], row[j - 1]));
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                {
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
                }
            }
        }
        return row[to.Length];
    }
}
