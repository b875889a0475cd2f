namespace Keyhole.Engine.Checkpoints;

/// <summary>Finds the names that a missing name was perhaps meant to be.</summary>
internal static class NearestNames
{
    private const int Shown = 3;
    private const int LongestName = 200;
    private const int MostNames = 100_000;   // what is compared is bounded: the names come from a file

    /// <summary>A phrase such as <c> (nearest: 'a', 'b', 'c')</c>; empty where there are no names.</summary>
    public static string Describe(string wanted, IEnumerable<string> names)
    {
        string[] nearest = [.. names
            .Take(MostNames)
            .Where(name => name.Length <= LongestName)
            .OrderBy(name => Distance(wanted, name))
            .ThenBy(name => name, StringComparer.Ordinal)
            .Take(Shown)];
        return nearest.Length == 0 ? "" : $" (nearest: {Naming.List(nearest)})";
    }

    // Levenshtein distance, one row at a time.
    private static int Distance(string a, string b)
    {
        int[] row = new int[b.Length + 1];
        for (int j = 0; j < row.Length; j++)
        {
            row[j] = j;
        }
        for (int i = 0; i < a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i + 1;
            for (int j = 0; j < b.Length; j++)
            {
                int above = row[j + 1];
                row[j + 1] = Math.Min(diagonal + (a[i] == b[j] ? 0 : 1), Math.Min(above, row[j]) + 1);
                diagonal = above;
            }
        }
        return row[b.Length];
    }
}
