using System.Globalization;
using System.Text;
using Keyhole.Memories;

namespace Keyhole.Verification.Studies;

/// <summary>Holds the statistics of a study beside those that some or all of its units give when they are mined again.</summary>
/// <param name="whole">Whether all units were mined again: then the bytes must be the same; else none may be beyond the study's.</param>
/// <param name="name">What stands before the name of the check.</param>
internal sealed class StatisticsComparison(bool whole, string name)
{
    /// <summary>The check.</summary>
    public StudyCheck Check { get; } = new(name + "mined again: statistics");

    /// <summary>Compares those of one memory.</summary>
    public void Compare(NeuronId id, NeuronStatistics stored, NeuronStatistics mined)
    {
        Check.Expect(
            whole ? Bytes(stored).AsSpan().SequenceEqual(Bytes(mined)) : Covers(stored, mined),
            () => $"{id}: {Describe(stored)} in the study and {Describe(mined)} mined again");
    }

    private static bool Covers(NeuronStatistics stored, NeuronStatistics mined)
        => mined.Count <= stored.Count
            && (mined.Count == 0 || (mined.Min >= stored.Min && mined.Max <= stored.Max))
            && mined.PositiveCount <= stored.PositiveCount
            && mined.Count - mined.PositiveCount <= stored.Count - stored.PositiveCount
            && !mined.Histogram.Where((count, bin) => count > stored.Histogram[bin]).Any()
            && (mined.SignCases ?? default).Named().Zip((stored.SignCases ?? default).Named()).All(pair => pair.First.Count <= pair.Second.Count);

    private static byte[] Bytes(NeuronStatistics statistics)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
        {
            statistics.Write(writer);
        }

        return stream.ToArray();
    }

    private static string Describe(NeuronStatistics statistics) => string.Create(CultureInfo.InvariantCulture,
        $"{statistics.Count} positions, {statistics.PositiveCount} positive, from {statistics.Min} to {statistics.Max}, mean {statistics.Mean}");
}
