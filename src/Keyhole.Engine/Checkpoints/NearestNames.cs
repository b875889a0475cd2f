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
            .OrderBy(name => EditDistance.Between(wanted, name))
            .ThenBy(name => name, StringComparer.Ordinal)
            .Take(Shown)];
        return nearest.Length == 0 ? "" : $" (nearest: {Naming.List(nearest)})";
    }
}
