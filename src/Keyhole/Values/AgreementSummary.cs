using Keyhole.Statistics;

namespace Keyhole.Values;

/// <summary>Agreement.</summary>
public sealed class AgreementSummary
{
    /// <summary>By layer.</summary>
    public required IReadOnlyList<LayerAgreement> Layers { get; init; }

    /// <summary>Sums up.</summary>
    public static AgreementSummary Of(IReadOnlyList<ValueRecord> values, int vocabulary) => new()
    {
        Layers = [.. values.GroupBy(value => value.Id.Layer).OrderBy(group => group.Key).Select(group => new LayerAgreement
        {
            Layer = group.Key,
            Agreement = Of(group, pole => pole.Agrees),
            WithCurrent = Of(group, pole => pole.AgreesWithCurrent),
            WithModel = Of(group, pole => pole.AgreesWithModel),
            Shuffled = new Estimate(double.NaN, new Interval(double.NaN, double.NaN), 0),
            Chance = 1.0 / vocabulary,
            TargetRank = Quartiles.Of([.. group.Select(value => value.Positive.TargetRank)]),
            CurrentRank = Quartiles.Of([.. group.Select(value => value.Positive.CurrentRank)]),
            Memories = group.LongCount(),
        })],
    };

    private static Share Of(IEnumerable<ValueRecord> values, Func<ValuePole, bool?> answer)
    {
        bool[] known = [.. values.Select(value => answer(value.Positive)).OfType<bool>()];
        return new Share(known.Count(hit => hit), known.Length);
    }
}
