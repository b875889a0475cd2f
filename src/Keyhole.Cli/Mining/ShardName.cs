using System.Globalization;
using Keyhole.Mining;

namespace Keyhole.Cli.Mining;

/// <summary>Reads the name of a part of a corpus: <c>0/3</c>.</summary>
internal static class ShardName
{
    /// <summary>The part.</summary>
    /// <exception cref="UsageException">The text names no part.</exception>
    public static CorpusShard Parse(string text)
    {
        string[] numbers = text.Split('/', StringSplitOptions.TrimEntries);
        return numbers.Length == 2 && Number(numbers[0], out int index) && Number(numbers[1], out int count) && count is > 0 and <= CorpusShard.MostShards && index < count
            ? new CorpusShard(index, count)
            : throw new UsageException($"--shard '{text}' is no part of a corpus; write it as 0/3, 1/3 or 2/3: parts count from 0, up to {CorpusShard.MostShards.ToString(CultureInfo.InvariantCulture)} of them.");
    }

    private static bool Number(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
