using Keyhole.Mutations;
using Keyhole.Reports.Contents;
using Keyhole.Statistics;

namespace Keyhole.Reports.Claims;

/// <summary>Claims about dropped tokens (figure 3).</summary>
internal static class MutationClaims
{
    private const string Place = "Fig. 3";

    public static IEnumerable<Claim> Of(ReportModel report)
    {
        LayerMutations[] layers = [.. report.Mutations?.Layers.Where(layer => layer.Last.Mean.N > 0) ?? []];
        yield return Last(layers);
        yield return Smaller(layers, layer => layer.First.Mean, "mutation-first", "The first token matters far less than the last, in every layer.", "the first token", "−10% to −15%");
        yield return Smaller(layers, layer => layer.Random.Mean, "mutation-random", "A random token matters less than the last, in every layer.", "a random token", "−15% to −20%");
    }

    private static Claim Last(LayerMutations[] layers)
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
        if (layers.Length == 0)
        {
            return claim;
        }

        Estimate low = layers[0].Last.Mean;
        Estimate high = layers[^1].Last.Mean;
        if (layers.Length == 1)
        {
            return claim with { Here = FormattableString.Invariant($"only layer {layers[0].Layer} was sampled: {Numbers.Change(low.Value)}"), Interval = Numbers.ChangeIntervalOf(low) };
        }

        Verdict verdict = Judge.Below(low.Interval, high.Interval);
        string figures = FormattableString.Invariant($"{Numbers.Change(low.Value)} in layer {layers[0].Layer}, {Numbers.Change(high.Value)} in layer {layers[^1].Layer}");
        return claim with
        {
            Here = figures,
            Interval = $"{Numbers.ChangeIntervalOf(low)}; {Numbers.ChangeIntervalOf(high)}",
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

    private static Claim Smaller(LayerMutations[] layers, Func<LayerMutations, Estimate> effect, string key, string statement, string what, string published)
    {
        var claim = new Claim
        {
            Key = key,
            Place = Place,
            Statement = statement,
            Published = published,
            Rule = "Holds where in every layer the mean change without the last token lies below, intervals apart; fails where it lies above in one.",
            Here = "mutations were not analysed",
            Verdict = Verdict.CannotBeTested,
        };
        LayerMutations[] measured = [.. layers.Where(layer => effect(layer).N > 0)];
        if (measured.Length == 0)
        {
            return claim;
        }

        Verdict[] verdicts = [.. measured.Select(layer => Judge.Below(layer.Last.Mean.Interval, effect(layer).Interval))];
        LayerMutations least = measured.MaxBy(layer => effect(layer).Value)!;
        LayerMutations most = measured.MinBy(layer => effect(layer).Value)!;
        string range = FormattableString.Invariant($"{Numbers.Change(effect(least).Value)} (layer {least.Layer}) to {Numbers.Change(effect(most).Value)} (layer {most.Layer})");
        string smaller = FormattableString.Invariant($"smaller than the last token's in {verdicts.Count(one => one == Verdict.Holds)} of {measured.Length} layers");
        return claim with
        {
            Here = $"{range}, {smaller}",
            Interval = $"{Numbers.ChangeIntervalOf(effect(least))}; {Numbers.ChangeIntervalOf(effect(most))}",
            Null = "0% (no change)",
            Verdict = Judge.All(verdicts),
            Finding = $"Losing {what} changes the coefficient by {range}, {smaller}; the paper: {published}.",
        };
    }
}
