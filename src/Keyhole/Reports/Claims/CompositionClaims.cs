using Keyhole.Composition;
using Keyhole.Reports.Contents;
using Keyhole.Statistics;

namespace Keyhole.Reports.Claims;

/// <summary>Claims about memories composed within a layer (figures 7 and 8).</summary>
internal static class CompositionClaims
{
    private const double PublishedZero = 0.68;
    private const string NotAnalysed = "prefixes were not analysed";

    public static IEnumerable<Claim> Of(ReportModel report)
    {
        LayerComposition[] layers = report.Composition is { } composition ? [.. composition.Layers.Where(layer => layer.ActiveShare.N > 0)] : [];
        yield return Active(layers);
        yield return LeastActive(layers);
        yield return Zero(layers);
        yield return StopWords(layers, report.Composition);
        yield return Short(layers, report.Composition);
    }

    private static Claim Active(LayerComposition[] layers)
    {
        var claim = New("active-share", "Fig. 7", "Hundreds of memories are active at every position: a tenth to a half of a layer.", "10% to 50%",
            "Holds where every layer's mean lies between 10% and 50%, by the intervals; fails where one lies outside.");
        if (layers.Length == 0)
        {
            return claim;
        }

        LayerComposition least = layers.MinBy(layer => layer.ActiveShare.Value)!;
        LayerComposition most = layers.MaxBy(layer => layer.ActiveShare.Value)!;
        string figures = FormattableString.Invariant($"{Numbers.Percent(least.ActiveShare.Value)} (layer {least.Layer}) to {Numbers.Percent(most.ActiveShare.Value)} (layer {most.Layer})");
        Verdict verdict = Judge.All(layers.Select(layer => Judge.Within(layer.ActiveShare.Interval, 0.1, 0.5)));
        return claim with
        {
            Here = figures,
            Interval = $"{Numbers.IntervalOf(least.ActiveShare)}; {Numbers.IntervalOf(most.ActiveShare)}",
            Verdict = verdict,
            Finding = $"At a position {figures} of a layer's memories are active; in the paper 10% to 50%.",
        };
    }

    private static Claim LeastActive(LayerComposition[] layers)
    {
        var claim = New("active-dip", "Fig. 7", "The fewest memories are active in a middle layer.", "least at layer 10 of 16",
            "Holds where the layer with the smallest mean lies in the middle half of the depth and below the first and the last layer, intervals apart; fails where it lies outside and below every layer of the middle half.");
        if (layers.Length < 3)
        {
            return layers.Length == 0 ? claim : claim with { Here = "too few layers" };
        }

        LayerComposition least = layers.MinBy(layer => layer.ActiveShare.Value)!;
        Interval first = layers[0].ActiveShare.Interval;
        Interval last = layers[^1].ActiveShare.Interval;
        LayerComposition[] middle = [.. layers.Where(layer => 4 * layer.Layer >= layers[^1].Layer && 4 * layer.Layer <= 3 * layers[^1].Layer)];
        Verdict verdict = middle.Contains(least)
            ? Judge.All([Judge.Below(least.ActiveShare.Interval, first), Judge.Below(least.ActiveShare.Interval, last)])
            : middle.All(layer => layer.ActiveShare.Interval.Lower > least.ActiveShare.Interval.Upper) ? Verdict.Fails : Verdict.CannotBeTested;
        return claim with
        {
            Here = FormattableString.Invariant($"least in layer {least.Layer} of 0 to {layers[^1].Layer}: {Numbers.Percent(least.ActiveShare.Value)}"),
            Interval = Numbers.IntervalOf(least.ActiveShare),
            Null = $"first layer {Numbers.Percent(layers[0].ActiveShare.Value)}, last {Numbers.Percent(layers[^1].ActiveShare.Value)}",
            Verdict = verdict,
            Finding = FormattableString.Invariant($"The fewest memories are active in layer {least.Layer} ({Numbers.Percent(least.ActiveShare.Value)}); in the paper in layer 10 of 16."),
        };
    }

    private static Claim Zero(LayerComposition[] layers)
    {
        var claim = New("zero-agreement", "Fig. 8", "A layer's prediction is mostly that of none of its memories.", "at least 68% in every layer",
            "Holds where every layer lies at or above 68%, by the intervals; fails where one lies below. Over the active memories; the paper's formula, over all of them, stands beside it.");
        if (layers.Length == 0)
        {
            return claim;
        }

        LayerComposition least = layers.MinBy(layer => layer.ZeroAgreement.Value)!;
        LayerComposition leastOverAll = layers.MinBy(layer => layer.ZeroAgreementOverAll.Value)!;
        Verdict verdict = Judge.All(layers.Select(layer => Judge.Above(layer.ZeroAgreement.Wilson(), PublishedZero)));
        string figures = FormattableString.Invariant($"at least {Numbers.Percent(least.ZeroAgreement.Value)} (layer {least.Layer})");
        return claim with
        {
            Here = figures + FormattableString.Invariant($"; over all memories at least {Numbers.Percent(leastOverAll.ZeroAgreementOverAll.Value)} (layer {leastOverAll.Layer})"),
            Interval = Numbers.IntervalOf(least.ZeroAgreement),
            Verdict = verdict,
            Finding = verdict == Verdict.Fails
                ? FormattableString.Invariant($"In layer {least.Layer} only {Numbers.Percent(least.ZeroAgreement.Value)} of the predictions are no single active memory's; in the paper at least 68% in every layer.")
                : $"A layer's prediction is no single active memory's in {figures} of the prefixes; in the paper at least 68% in every layer.",
        };
    }

    private static Claim StopWords(LayerComposition[] layers, CompositionContent? composition)
    {
        var claim = New("agreeing-stop-words", "Section 5.1", "Where a memory does agree with its layer, the prediction is mostly a stop word.", "60%", "Holds where more than half are, by the interval.");
        Share share = Judge.Pool(layers.Select(layer => layer.StopWordTop));
        return share.Total == 0 ? layers.Length == 0 ? claim : claim with { Here = "no memory agrees with its layer" } : claim with
        {
            Here = $"{Numbers.Percent(share.Value)}, all layers together",
            Interval = Numbers.IntervalOf(share),
            Null = composition is { StopWordPredictions.Total: > 0 } ? $"{Numbers.Percent(composition.StopWordPredictions.Value)} of the final predictions" : string.Empty,
            Verdict = Judge.Above(share.Wilson(), 0.5),
            Finding = $"Where a memory agrees with its layer, {Numbers.Percent(share.Value)} of the predictions are stop words; in the paper 60%.",
        };
    }

    private static Claim Short(LayerComposition[] layers, CompositionContent? composition)
    {
        var claim = New("agreeing-short", "Section 5.1", "Where a memory does agree with its layer, the prefix is often short (fewer than 5 tokens).", "43%",
            "Holds where short prefixes are more frequent there than among all prefixes, by the interval.");
        Share share = Judge.Pool(layers.Select(layer => layer.ShortPrefix));
        return composition is null || share.Total == 0 ? layers.Length == 0 ? claim : claim with { Here = "no memory agrees with its layer" } : claim with
        {
            Here = $"{Numbers.Percent(share.Value)}, all layers together",
            Interval = Numbers.IntervalOf(share),
            Null = $"{Numbers.Percent(composition.ShortPrefixes.Value)} of all prefixes",
            Verdict = Judge.Above(share.Wilson(), composition.ShortPrefixes.Value),
            Finding = $"Where a memory agrees with its layer, {Numbers.Percent(share.Value)} of the prefixes have fewer than 5 tokens ({Numbers.Percent(composition.ShortPrefixes.Value)} of all prefixes); in the paper 43%.",
        };
    }

    private static Claim New(string key, string place, string statement, string published, string rule) => new()
    {
        Key = key,
        Place = place,
        Statement = statement,
        Published = published,
        Rule = rule,
        Here = NotAnalysed,
        Verdict = Verdict.CannotBeTested,
    };
}
