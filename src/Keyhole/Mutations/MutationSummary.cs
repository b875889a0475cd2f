using Keyhole.Memories;
using Keyhole.Statistics;

namespace Keyhole.Mutations;

/// <summary>Figure 3.</summary>
public sealed class MutationSummary
{
    /// <summary>By layer.</summary>
    public required IReadOnlyList<LayerMutation> Layers { get; init; }

    /// <summary>Sums up.</summary>
    public static MutationSummary Of(IReadOnlyList<MutationRecord> records, ulong seed)
    {
        _ = seed;
        return new MutationSummary
        {
            Layers = [.. records.GroupBy(record => record.Id.Layer).OrderBy(group => group.Key).Select(group => new LayerMutation(group.Key,
                Change(group, record => record.First), Change(group, record => record.Last), Change(group, record => record.RandomDropped)))],
        };
    }

    private static MutationChange Change(IEnumerable<MutationRecord> records, Func<MutationRecord, float> mutated)
    {
        double[] changes = [.. records.Select(record =>
        {
            double sign = record.Pole == Pole.Positive ? 1 : -1;
            double before = Math.Max(0, sign * record.Coefficient);
            return 100 * (Math.Max(0, sign * mutated(record)) - before) / before;
        })];
        Interval none = new(double.NaN, double.NaN);
        Quartiles quartiles = Quartiles.Of(changes);
        return new MutationChange(new Estimate(changes.Average(), none, changes.Length), new Estimate(quartiles.Median, none, changes.Length), quartiles);
    }
}
