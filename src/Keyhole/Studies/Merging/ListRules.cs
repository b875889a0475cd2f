using Keyhole.Mining;

namespace Keyhole.Studies.Merging;

/// <summary>What lists are ordered by, and how long they are.</summary>
/// <param name="Top">Most triggers of a list.</param>
/// <param name="ByPre">Ordered by the pre-activation, signed, instead of |m|.</param>
/// <param name="KeepsRanks">Whether the order of a list of a plain memory by pre-activation must be kept, as more shards are to be merged with it.</param>
internal sealed record ListRules(int Top, bool ByPre, bool KeepsRanks)
{
    /// <summary>The rules of a study.</summary>
    /// <param name="rules">What it was mined by.</param>
    /// <param name="complete">Whether the merged study has all shards.</param>
    public static ListRules Of(MiningRules rules, bool complete) => new(rules.Top, rules.RankBy == RankBy.Pre, rules.RankBy == RankBy.Pre && !complete);
}
