using Keyhole.Claiming.Passes;
using Keyhole.Debugging;
using Keyhole.Engine.Models;
using Keyhole.Memories;
using Keyhole.Statistics;

namespace Keyhole.Claiming.Evaluation;

/// <summary>Counts planned tests over what was put aside. Safe for several threads.</summary>
internal sealed class ClaimCounter
{
    private readonly ModelSpec _spec;
    private readonly IReadOnlyList<MemoryClaim> _claims;
    private readonly PositionTable _table;
    private readonly ScoreFile _scores;
    private readonly ScoreColumns _columns;
    private readonly ValueEndTokens? _values;
    private readonly Dictionary<NeuronId, float> _norms;
    private readonly ClaimOptions _options;

    /// <param name="model">The model.</param>
    /// <param name="claims">All claims.</param>
    /// <param name="plans">What will be counted.</param>
    /// <param name="table">Positions, and what the predicates say of them.</param>
    /// <param name="scores">What was put aside of them.</param>
    /// <param name="columns">Where what stands in it.</param>
    /// <param name="values">Values, where a predicate asks for them.</param>
    /// <param name="options">Seed and number of examples.</param>
    public ClaimCounter(Model model, IReadOnlyList<MemoryClaim> claims, IEnumerable<PlannedTest> plans, PositionTable table, ScoreFile scores, ScoreColumns columns, ValueEndTokens? values, ClaimOptions options)
    {
        (_spec, _claims, _table, _scores, _columns, _values, _options) = (model.Spec, claims, table, scores, columns, values, options);
        var norms = new ValueNorms(model);
        _norms = plans.Where(plan => claims[plan.Claim].Threshold.Kind == ThresholdKind.WeightedRank).Select(plan => plan.Memory).Distinct()
            .ToDictionary(id => id, id => norms.Of(id.Layer)[_spec.Blocks[id.Layer].FeedForward.NumberOf(id)]);
    }

    /// <summary>Counts one.</summary>
    /// <param name="plan">What to count.</param>
    /// <param name="positions">Over which positions, at least one.</param>
    public CountedTest Count(PlannedTest plan, PositionSet positions)
    {
        MemoryClaim claim = _claims[plan.Claim];
        int sign = plan.Pole == Pole.Positive ? 1 : -1;
        float[] scores = Column(positions, _columns.Memories[plan.Memory], sign);
        bool[] holds = Holds(claim, plan, positions);
        int[] order = [.. Enumerable.Range(0, scores.Length)];
        float[] sorted = [.. scores];
        Array.Sort(sorted, order);
        Activity activity = claim.Threshold.IsRank
            ? Activity.Ranked(scores, Column(positions, _columns.Bounds[RankRule.Of(plan.Memory.Layer, claim.Threshold)], 1), _norms.GetValueOrDefault(plan.Memory, 1))
            : Activity.Of(claim.Threshold, scores, sorted);
        TextCounts[] texts = TextCounts.Of(positions, activity.Active, holds);
        var ranked = RankedPositions.Of(sorted, order, positions.Texts, holds);
        return new CountedTest
        {
            Plan = plan,
            Positions = positions,
            Above = activity.Above,
            Texts = texts,
            Counts = Total(texts, positions.Count),
            Auroc = ranked.Auroc,
            AveragePrecision = ranked.AveragePrecision,
            P = Independence(texts, positions),
            Ranked = plan.IsShown ? ranked : null,
            Picks = plan.IsShown ? ExamplePicks.Of(_table, positions, order, scores, activity.Active, holds, sign, _options.Examples, _options.Seed) : ExamplePicks.None,
        };
    }

    private float[] Column(PositionSet positions, int column, int sign)
    {
        float[] range = _scores.Read(column, positions.From, positions.To);
        return [.. positions.Indices.Select(index => sign * range[index - positions.From])];
    }

    private bool[] Holds(MemoryClaim claim, PlannedTest plan, PositionSet positions)
    {
        if (claim.Predicate.Kind != PredicateKind.ValueTop)
        {
            return [.. positions.Indices.Select(index => _table.Holds(plan.Claim, index))];
        }

        HashSet<int> tokens = [.. _values!.Of(plan.Memory, plan.Pole, claim.Predicate.Top)];
        return [.. positions.Indices.Select(index => tokens.Contains(_table.Target(index)))];
    }

    private static DetectorCounts Total(TextCounts[] texts, int positions)
    {
        long tp = texts.Sum(text => text.Counts.Tp);
        long fp = texts.Sum(text => text.Counts.Fp);
        long fn = texts.Sum(text => text.Counts.Fn);
        return new DetectorCounts(tp, fp, fn, positions - tp - fp - fn);
    }

    private static double Independence(TextCounts[] texts, PositionSet positions)
    {
        double squares = positions.Sizes.Sum(size => (double)size * size) - texts.Sum(text => (double)positions.Sizes[text.Text] * positions.Sizes[text.Text]);
        double things = positions.Count - texts.Sum(text => (double)positions.Sizes[text.Text]);
        return ClusteredScoreTest.P(texts.Select(text => text.Counts), (positions.Sizes.Length - texts.Length, things, squares));
    }
}
