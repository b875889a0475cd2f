using System.Collections.Immutable;
using Keyhole.Patterns;
using Keyhole.Reports.Contents;
using Keyhole.Statistics;

namespace Keyhole.Reports.Claims;

/// <summary>Claims about what triggers have in common (figure 2): the paper's annotators saw it, here an algorithm finds it beyond decoys.</summary>
internal static class PatternClaims
{
    private const double MostLists = 0.95;
    private const double PublishedCoverage = 0.65;
    private const string NotLookedFor = "no patterns were looked for ('keyhole patterns STUDY')";

    public static IEnumerable<Claim> Of(ReportModel report)
    {
        ImmutableArray<LayerPatterns> all = report.Patterns ?? [];
        LayerPatterns[] layers = [.. all.Where(layer => layer.Source == LayerPatterns.Real && layer.Prefixes > 0)];
        LayerPatterns[] decoys = [.. all.Where(layer => layer.Source is LayerPatterns.Random or LayerPatterns.Shuffled && layer.Prefixes > 0)];
        yield return EveryKey(report, layers, decoys);
        yield return Coverage(layers, decoys);
        yield return ByDepth(layers);
    }

    private static Claim EveryKey(ReportModel report, LayerPatterns[] layers, LayerPatterns[] decoys)
    {
        string sample = report.Thirds.Length == 0 ? string.Empty : "; of sampled memories the last token or bigram is shared by 3 or more triggers in "
            + string.Join(", ", report.Thirds.Where(third => third.WithPattern.Total > 0).Select(third => $"{Numbers.Percent(third.WithPattern.Value)} ({third.Name} layers)"));
        Claim claim = New("pattern-every-key", "Every key has at least one pattern that people recognise.", "at least one for every key, 3.6 on average",
            "Holds where in every layer more than 95% of the lists have a pattern beyond decoys, by the intervals; fails where in one they do not. An algorithm's patterns, not people's.", NotLookedFor + sample);
        if (layers.Length == 0)
        {
            return claim;
        }

        LayerPatterns least = layers.MinBy(layer => layer.Of(PatternMeasure.WithPattern).Value)!;
        Estimate share = least.Of(PatternMeasure.WithPattern);
        double patterns = layers.Sum(layer => layer.Of(PatternMeasure.PerList).Value * layer.Lists) / layers.Sum(layer => layer.Lists);
        return claim with
        {
            Here = FormattableString.Invariant($"at least {Numbers.Percent(share.Value)} of the lists (layer {least.Layer}); {Numbers.Plain(patterns)} patterns a list on average"),
            Interval = Numbers.IntervalOf(share),
            Null = NullOf(decoys, PatternMeasure.WithPattern),
            Verdict = Judge.All(layers.Select(layer => Judge.Above(layer.Of(PatternMeasure.WithPattern).Interval, MostLists))),
            Finding = FormattableString.Invariant($"In layer {least.Layer} {Numbers.Percent(share.Value)} of the lists have a pattern beyond decoys, {Numbers.Plain(patterns)} patterns a list over all layers; the paper's annotators saw 3.6 in every one."),
        };
    }

    private static Claim Coverage(LayerPatterns[] layers, LayerPatterns[] decoys)
    {
        Claim claim = New("pattern-coverage", "Most trigger prefixes belong to a pattern.", "65% to 80% of the prefixes",
            "Holds where in every layer more than 65% of the prefixes belong to a pattern beyond decoys, by the intervals; fails where in one they do not.", NotLookedFor);
        if (layers.Length == 0)
        {
            return claim;
        }

        LayerPatterns least = layers.MinBy(layer => layer.Of(PatternMeasure.Covered).Value)!;
        LayerPatterns most = layers.MaxBy(layer => layer.Of(PatternMeasure.Covered).Value)!;
        string figures = FormattableString.Invariant($"{Numbers.Percent(least.Of(PatternMeasure.Covered).Value)} (layer {least.Layer}) to {Numbers.Percent(most.Of(PatternMeasure.Covered).Value)} (layer {most.Layer})");
        return claim with
        {
            Here = figures,
            Interval = $"{Numbers.IntervalOf(least.Of(PatternMeasure.Covered))}; {Numbers.IntervalOf(most.Of(PatternMeasure.Covered))}",
            Null = NullOf(decoys, PatternMeasure.Covered),
            Verdict = Judge.All(layers.Select(layer => Judge.Above(layer.Of(PatternMeasure.Covered).Interval, PublishedCoverage))),
            Finding = $"Of the trigger prefixes {figures} belong to a pattern beyond decoys; in the paper annotators saw one in 65% to 80%.",
        };
    }

    private static Claim ByDepth(LayerPatterns[] layers)
    {
        Claim claim = New("pattern-depth", "Lower layers see shallow patterns, upper layers semantic ones.", "layers 1–9 mostly shallow, 10–16 more semantic",
            "Holds where in the lowest layer more prefixes are in shallow than in semantic patterns, and more in semantic ones in the highest layer than in the lowest, intervals apart; fails where one is the other way round.", NotLookedFor);
        if (layers.Length < 2)
        {
            return layers.Length == 0 ? claim : claim with { Here = "too few layers" };
        }

        (LayerPatterns low, LayerPatterns high) = (layers[0], layers[^1]);
        (Estimate shallow, Estimate lower, Estimate upper) = (low.Of(PatternMeasure.AnyShallow), low.Of(PatternMeasure.AnySemantic), high.Of(PatternMeasure.AnySemantic));
        return claim with
        {
            Here = FormattableString.Invariant($"layer {low.Layer}: {Numbers.Percent(shallow.Value)} shallow, {Numbers.Percent(lower.Value)} semantic; layer {high.Layer}: {Numbers.Percent(high.Of(PatternMeasure.AnyShallow).Value)} and {Numbers.Percent(upper.Value)}"),
            Interval = $"{Numbers.IntervalOf(lower)}; {Numbers.IntervalOf(upper)} (semantic)",
            Verdict = Judge.All([Judge.Below(lower.Interval, shallow.Interval), Judge.Below(lower.Interval, upper.Interval)]),
            Finding = FormattableString.Invariant($"Semantic patterns cover {Numbers.Percent(lower.Value)} of the prefixes in layer {low.Layer} and {Numbers.Percent(upper.Value)} in layer {high.Layer}; in the paper upper layers are the more semantic ones."),
        };
    }

    private static string NullOf(LayerPatterns[] decoys, PatternMeasure measure)
        => decoys.Length == 0 ? string.Empty : $"at most {Numbers.Percent(decoys.Max(layer => layer.Of(measure).Value))} of decoys";

    private static Claim New(string key, string statement, string published, string rule, string why) => new()
    {
        Key = key,
        Place = "Fig. 2",
        Statement = statement,
        Published = published,
        Rule = rule,
        Here = why,
        Verdict = Verdict.CannotBeTested,
    };
}
