using System.Collections.Immutable;
using System.Globalization;

namespace Keyhole.Patterns;

/// <summary>Bins of the length of prefixes and of what is left of their units, in tokens.</summary>
internal static class PositionBins
{
    private const int FirstRest = 32;

    private static readonly ImmutableArray<int> Lengths = [1, 2, 3, 4, 5, 7, 10, 15, 25, 50];
    private static readonly ImmutableArray<int> Rests = [0, 1, 2, 4, 8, 16];

    /// <summary>The bin of a prefix of so many tokens.</summary>
    public static int OfLength(int tokens) => Below(Lengths, tokens);

    /// <summary>The bin of a prefix that so many tokens follow in its unit.</summary>
    public static int OfRest(int tokens) => FirstRest + Below(Rests, tokens);

    /// <summary>A bin in words.</summary>
    public static string NameOf(int bin)
        => bin < FirstRest ? $"prefix of {Range(Lengths, bin)}" : bin == FirstRest ? "at the end of its unit" : $"{Range(Rests, bin - FirstRest)} before the end of its unit";

    private static int Below(ImmutableArray<int> starts, int value)
    {
        int bin = 0;
        while (bin + 1 < starts.Length && starts[bin + 1] <= value)
        {
            bin++;
        }

        return bin;
    }

    private static string Range(ImmutableArray<int> starts, int bin)
    {
        int first = starts[bin];
        string text = bin + 1 == starts.Length ? string.Create(CultureInfo.InvariantCulture, $"{first} or more")
            : starts[bin + 1] - 1 == first ? first.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{first} to {starts[bin + 1] - 1}");
        return text == "1" ? "1 token" : $"{text} tokens";
    }
}
