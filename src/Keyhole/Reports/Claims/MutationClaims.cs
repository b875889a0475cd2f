using Keyhole.Reports.Contents;

namespace Keyhole.Reports.Claims;

/// <summary>Claims about dropped tokens (figure 3).</summary>
internal static class MutationClaims
{
    private const string Place = "Fig. 3";

    public static IEnumerable<Claim> Of(ReportModel report)
    {
        MutationRow[] rows = report.Mutations is { } all ? [.. all.Where(row => row.Mean.N > 0).OrderBy(row => row.Layer)] : [];
        yield return Last([.. rows.Where(row => row.Kind == Dropped.Last)]);
        yield return Smaller(rows, Dropped.First, "mutation-first", "first", "−10% to −15%");
        yield return Smaller(rows, Dropped.Random, "mutation-random", "random", "−15% to −20%");
    }

    private static Claim Last(IReadOnlyList<MutationRow> rows)
    {
        var claim = new Claim
        {
            Key = "mutation-last",
            Place = Place,
            Statement = "Losing the last token changes the coefficient most in the lowest layer and ever less towards the top.",
            Published = "about −65% to −70% in layer 1, −20% in layer 16",
            Rule = "Holds where the lowest layer's mean change lies below the highest layer's, intervals apart.",
            Here = "mutations were not analysed",
            Verdict = Verdict.CannotBeTested,
        };
        if (rows.Count == 0)
        {
            return claim;
        }

        if (rows[0].Layer == rows[^1].Layer)
        {
            return claim with { Here = $"only layer {rows[0].Layer} was sampled: {Numbers.Change(rows[0].Mean.Value)}", Interval = Numbers.ChangeIntervalOf(rows[0].Mean) };
        }

        MutationRow low = rows[0];
        MutationRow high = rows[^1];
        Verdict verdict = Judge.Below(low.Mean.Interval, high.Mean.Interval);
        string figures = FormattableString.Invariant($"{Numbers.Change(low.Mean.Value)} in layer {low.Layer}, {Numbers.Change(high.Mean.Value)} in layer {high.Layer}");
        return claim with
        {
            Here = figures,
            Interval = $"{Numbers.ChangeIntervalOf(low.Mean)}; {Numbers.ChangeIntervalOf(high.Mean)}",
            Null = "0% (no change)",
            Verdict = verdict,
            Finding = verdict switch
            {
                Verdict.Holds => $"Losing the last token of a trigger changes its coefficient most at the bottom, as in the paper: {figures}.",
                Verdict.Fails => $"Losing the last token of a trigger changes its coefficient more at the top than at the bottom, the reverse of the paper: {figures}.",
                _ => $"Losing the last token of a trigger changes its coefficient about as much at the bottom as at the top: {figures}; the paper saw −65% to −70% and −20%.",
            },
        };
    }

    private static Claim Smaller(MutationRow[] rows, Dropped kind, string key, string name, string published)
    {
        var claim = new Claim
        {
            Key = key,
            Place = Place,
            Statement = kind == Dropped.First ? "The first token matters far less than the last, in every layer." : "A random token matters less than the last, in every layer.",
            Published = published,
            Rule = "Holds where in every layer the mean change without the last token lies below, intervals apart; fails where it lies above in one.",
            Here = "mutations were not analysed",
            Verdict = Verdict.CannotBeTested,
        };
        (MutationRow Last, MutationRow Other)[] pairs = [.. rows.Where(row => row.Kind == Dropped.Last)
            .Join(rows.Where(row => row.Kind == kind), last => last.Layer, other => other.Layer, (last, other) => (last, other))];
        if (pairs.Length == 0)
        {
            return claim;
        }

        Verdict[] verdicts = [.. pairs.Select(pair => Judge.Below(pair.Last.Mean.Interval, pair.Other.Mean.Interval))];
        Verdict verdict = Judge.All(verdicts);
        MutationRow least = pairs.MaxBy(pair => pair.Other.Mean.Value).Other;
        MutationRow most = pairs.MinBy(pair => pair.Other.Mean.Value).Other;
        string figures = FormattableString.Invariant($"{Numbers.Change(least.Mean.Value)} (layer {least.Layer}) to {Numbers.Change(most.Mean.Value)} (layer {most.Layer})");
        string layers = FormattableString.Invariant($"smaller than the last token's in {verdicts.Count(one => one == Verdict.Holds)} of {pairs.Length} layers");
        return claim with
        {
            Here = figures + ", " + layers,
            Interval = $"{Numbers.ChangeIntervalOf(least.Mean)}; {Numbers.ChangeIntervalOf(most.Mean)}",
            Null = "0% (no change)",
            Verdict = verdict,
            Finding = $"Losing {(kind == Dropped.First ? "the first token" : "a random token")} changes the coefficient by {figures}, {layers}; the paper: {published}.",
        };
    }
}
