using Keyhole.Mining;

namespace Keyhole.Studies.Merging;

/// <summary>What lists are ordered by, and how long they are.</summary>
/// <param name="Top">Most triggers of a list.</param>
/// <param name="ByPre">Ordered by the pre-activation, signed, instead of |m|.</param>
/// <param name="SampleQuantiles">Whether memories have samples.</param>
/// <param name="SignCases">Whether memories have lists of their sign cases.</param>
/// <param name="Seed">Seed that samples go by.</param>
/// <param name="KeepsRanks">Whether the order of a list of a plain memory by pre-activation must be kept, as more shards are to be merged with it.</param>
internal sealed record ListRules(int Top, bool ByPre, bool SampleQuantiles, bool SignCases, ulong Seed, bool KeepsRanks)
{
    /// <summary>The rules of a study.</summary>
    /// <param name="rules">What it was mined by.</param>
    /// <param name="gated">Whether its memories have gates.</param>
    /// <param name="complete">Whether the merged study has all shards.</param>
    public static ListRules Of(MiningRules rules, bool gated, bool complete) => new(rules.Top, rules.RankBy == RankBy.Pre, rules.SampleQuantiles, rules.SignCases && gated, rules.Seed, rules.RankBy == RankBy.Pre && !complete);
}
