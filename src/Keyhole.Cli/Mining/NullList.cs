using Keyhole.Mining.Nulls;

namespace Keyhole.Cli.Mining;

/// <summary>The nulls that a command line names: <c>directions,rotations</c>, in one option or in several.</summary>
internal static class NullList
{
    /// <summary>Reads the values of the option.</summary>
    /// <exception cref="UsageException">A word names no null.</exception>
    public static IReadOnlyList<NullKind> Parse(IEnumerable<string> values)
        => [.. values.SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries)).Select(Kind).Distinct().Order()];

    private static NullKind Kind(string name)
    {
        foreach (NullKind kind in Enum.GetValues<NullKind>())
        {
            if (string.Equals(name, NullStudy.NameOf(kind), StringComparison.OrdinalIgnoreCase))
            {
                return kind;
            }
        }

        throw new UsageException($"--null takes directions and rotations, separated by a comma; '{name}' is neither.");
    }
}
