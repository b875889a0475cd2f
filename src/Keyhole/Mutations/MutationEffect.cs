using Keyhole.Statistics;

namespace Keyhole.Mutations;

/// <summary>What the loss of one token does to |m|: relative change (|m'| - |m|) / |m| in percent, over the triggers of a layer. -100 is silence, 0 no change.</summary>
/// <param name="Mean">Mean over triggers; N triggers.</param>
/// <param name="Median">Median over triggers.</param>
/// <param name="Quartiles">Quartiles over triggers.</param>
public readonly record struct MutationEffect(Estimate Mean, Estimate Median, Quartiles Quartiles)
{
    /// <summary>The effect in a set of records; one whose m is not on its pole has no relative change and leaves n.</summary>
    /// <param name="records">Records of a layer.</param>
    /// <param name="mutated">m' of a record.</param>
    /// <param name="seed">Seed of the intervals.</param>
    internal static MutationEffect Of(IReadOnlyCollection<MutationRecord> records, Func<MutationRecord, float> mutated, ulong seed)
    {
        double[] changes = [.. records.Select(record => PoleStrength.ChangeInPercent(record.Pole, record.Coefficient, mutated(record)))];
        return new MutationEffect(Bootstrap.Mean(changes, seed), Bootstrap.Median(changes, seed), Quartiles.Of(changes));
    }
}
