using Keyhole.Composition;
using Keyhole.Reports.Contents;
using Keyhole.Statistics;

namespace Keyhole.Reports.Claims;

/// <summary>Claims about the residual stream from layer to layer (figures 9 to 11).</summary>
internal static class RefinementClaims
{
    public static IEnumerable<Claim> Of(ReportModel report)
    {
        LayerComposition[] layers = report.Composition is { } composition ? [.. composition.Layers.Where(layer => layer.FinalInResidual.Total > 0)] : [];
        yield return Early(layers);
        yield return Late(layers);
        yield return Probability(layers);
        yield return Compose(layers);
        yield return New("last-layer-words", "Section 5.2", "In two thirds of the last-layer compositions the output is a word distant from the residual's.", "66 of 100 distant (people → same), 34 related (gastric → stomach)",
            "Read by people.") with
        {
            Here = report.Composition is { LastLayer.Length: > 0 and var count } ? $"needs people who read the list of {count} below" : layers.Length > 0 ? "no composition in the last layer" : NotAnalysed,
        };
    }

    private const string NotAnalysed = "prefixes were not analysed";

    private static Claim Early(LayerComposition[] layers)
    {
        var claim = New("final-early", "Fig. 9", "In the lowest layers the residual already holds the final prediction of about a third of the prefixes.", "about a third",
            "Holds where the lowest layer's share lies above a sixth, half of the published, by its interval.");
        if (layers.Length == 0)
        {
            return claim;
        }

        LayerComposition low = layers[0];
        return claim with
        {
            Here = FormattableString.Invariant($"{Numbers.Percent(low.FinalInResidual.Value)} in layer {low.Layer}"),
            Interval = Numbers.IntervalOf(low.FinalInResidual),
            Verdict = Judge.Above(low.FinalInResidual.Wilson(), 1.0 / 6),
            Finding = FormattableString.Invariant($"In layer {low.Layer} the residual's top token is the final prediction for {Numbers.Percent(low.FinalInResidual.Value)} of the prefixes; in the paper for about a third."),
        };
    }

    private static Claim Late(LayerComposition[] layers)
    {
        var claim = New("final-late", "Fig. 9", "By the last layer the residual holds nearly every final prediction.", "about 95%",
            "Holds where the last layer's share lies above 90%, by its interval.");
        if (layers.Length == 0)
        {
            return claim;
        }

        LayerComposition last = layers[^1];
        return claim with
        {
            Here = FormattableString.Invariant($"{Numbers.Percent(last.FinalInResidual.Value)} in layer {last.Layer}"),
            Interval = Numbers.IntervalOf(last.FinalInResidual),
            Null = FormattableString.Invariant($"{Numbers.Percent(layers[0].FinalInResidual.Value)} in layer {layers[0].Layer}"),
            Verdict = Judge.Above(last.FinalInResidual.Wilson(), 0.9),
            Finding = FormattableString.Invariant($"Before the last feed-forward layer adds anything, {Numbers.Percent(last.FinalInResidual.Value)} of the final predictions stand already; in the paper about 95%."),
        };
    }

    private static Claim Probability(LayerComposition[] layers)
    {
        var claim = New("final-probability", "Fig. 10", "The residual grows surer of the final prediction from layer to layer.", "its probability rises with depth",
            "Holds where its mean probability in the last layer lies above the lowest layer's, intervals apart.");
        if (layers.Length < 2)
        {
            return claim;
        }

        Estimate low = layers[0].FinalProbability;
        Estimate high = layers[^1].FinalProbability;
        string figures = FormattableString.Invariant($"mean {Numbers.Plain(low.Value)} in layer {layers[0].Layer}, {Numbers.Plain(high.Value)} in layer {layers[^1].Layer}");
        return claim with
        {
            Here = figures,
            Interval = FormattableString.Invariant($"{Numbers.Plain(low.Interval.Lower)} to {Numbers.Plain(low.Interval.Upper)}; {Numbers.Plain(high.Interval.Lower)} to {Numbers.Plain(high.Interval.Upper)} (n = {Numbers.Count(high.N)})"),
            Verdict = Judge.Below(low.Interval, high.Interval),
            Finding = $"The probability of the final prediction in the residual: {figures}; in the paper it rises with depth.",
        };
    }

    private static Claim Compose(LayerComposition[] layers)
    {
        var claim = New("compositions", "Fig. 11", "Where the feed-forward layer changes the prediction, the new one is mostly a composition: neither the residual's nor the layer's.", "compositions dominate the changes",
            "Holds where more than half of the changed predictions of all layers together are compositions, by the interval.");
        Share share = new(layers.Sum(layer => layer.Breakdown.Composition), layers.Sum(layer => layer.Breakdown.Composition + layer.Breakdown.Ffn));
        if (share.Total == 0)
        {
            return layers.Length == 0 ? claim : claim with { Here = "no prediction is changed" };
        }

        Share linear = new(layers.Sum(layer => layer.LinearBreakdown.Composition), layers.Sum(layer => layer.LinearBreakdown.Composition + layer.LinearBreakdown.Ffn));
        Verdict verdict = Judge.Above(share.Wilson(), 0.5);
        return claim with
        {
            Here = $"{Numbers.Percent(share.Value)} of the changes; {Numbers.Percent(linear.Value)} with one linear readout",
            Interval = Numbers.IntervalOf(share),
            Verdict = verdict,
            Finding = $"Of the predictions that a feed-forward layer changes, {Numbers.Percent(share.Value)} become a token that neither the residual nor the layer had on top; in the paper {(verdict == Verdict.Fails ? "such compositions dominate" : "too they dominate")}.",
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
