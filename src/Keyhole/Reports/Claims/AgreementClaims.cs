using Keyhole.Reports.Contents;
using Keyhole.Statistics;
using Keyhole.Values;

namespace Keyhole.Reports.Claims;

/// <summary>Claims about values as predictions (figures 4 and 6, table 2).</summary>
internal static class AgreementClaims
{
    private const double NearZero = 0.01;
    private const string NotAnalysed = "values were not analysed";

    public static IEnumerable<Claim> Of(ReportModel report)
    {
        int layers = report.Provenance.Shape.Layers;
        LayerAgreement[] all = report.Agreement is { } agreement ? [.. agreement.Layers.Where(layer => layer.Agreement.Total > 0)] : [];
        LayerAgreement[] lower = [.. all.Where(layer => !Depth.IsUpper(layer.Layer, layers))];
        LayerAgreement[] upper = [.. all.Where(layer => Depth.IsUpper(layer.Layer, layers))];
        yield return Low(lower);
        yield return Rise(lower, upper);
        yield return Confidence(report.Agreement);
        yield return ConfidentDepth(report.Agreement, layers);
        yield return ConfidentHits(report.Agreement);
    }

    private static Claim Low(LayerAgreement[] lower)
    {
        var claim = new Claim
        {
            Key = "agreement-low",
            Place = "Fig. 4",
            Statement = "In the lower ten of sixteen layers a value's top token is almost never the token that follows its best trigger.",
            Published = "near 0 in layers 1–10",
            Rule = "Holds where the pooled agreement of these layers lies below 1%, by its interval.",
            Here = NotAnalysed,
            Verdict = Verdict.CannotBeTested,
        };
        if (lower.Length == 0)
        {
            return claim;
        }

        Share share = Judge.Pool(lower.Select(layer => layer.Agreement));
        Verdict verdict = Judge.Below(share.Wilson(), NearZero);
        string where = Depth.Name([.. lower.Select(layer => layer.Layer)]);
        return claim with
        {
            Here = $"{Numbers.Percent(share.Value)} in {where}",
            Interval = Numbers.IntervalOf(share),
            Null = NullOf(lower),
            Verdict = verdict,
            Finding = verdict == Verdict.Fails
                ? $"Values in {where} already name the token that follows their best trigger in {Numbers.Percent(share.Value)} of the memories (shuffled: {Numbers.Percent(Shuffled(lower))}); in the paper's lower layers almost none do."
                : $"Values in {where} name the token that follows their best trigger in {Numbers.Percent(share.Value)} of the memories; the paper has nearly none there.",
        };
    }

    private static Claim Rise(LayerAgreement[] lower, LayerAgreement[] upper)
    {
        var claim = new Claim
        {
            Key = "agreement-rise",
            Place = "Fig. 4",
            Statement = "Agreement rises in the upper layers, far beyond chance.",
            Published = "up to 3.5% (chance 0.0004%)",
            Rule = "Holds where the highest layer's agreement lies above the pooled lower layers' and above its own shuffled null, intervals apart; fails where it lies below either.",
            Here = NotAnalysed,
            Verdict = Verdict.CannotBeTested,
        };
        if (upper.Length == 0)
        {
            return claim;
        }

        LayerAgreement top = upper[^1];
        LayerAgreement best = upper.MaxBy(layer => layer.Agreement.Value)!;
        Interval interval = top.Agreement.Wilson();
        Verdict overNull = double.IsNaN(top.Shuffled.Value) ? Verdict.CannotBeTested : Judge.Below(top.Shuffled.Interval, interval);
        Verdict overLower = lower.Length == 0 ? Verdict.CannotBeTested : Judge.Below(Judge.Pool(lower.Select(layer => layer.Agreement)).Wilson(), interval);
        string figures = FormattableString.Invariant($"{Numbers.Percent(top.Agreement.Value)} in layer {top.Layer}, at most {Numbers.Percent(best.Agreement.Value)} (layer {best.Layer}) in the upper layers");
        Verdict verdict = Judge.All([overNull, overLower]);
        return claim with
        {
            Here = figures,
            Interval = Numbers.IntervalOf(top.Agreement),
            Null = NullOf([top]),
            Verdict = verdict,
            Finding = $"In the highest layer {Numbers.Percent(top.Agreement.Value)} of the values name the token that follows their best trigger, against {Numbers.Percent(top.Shuffled.Value)} with shuffled values; {Numbers.Percent(top.WithCurrent.Value)} name the token just read. The paper reaches 3.5%.",
        };
    }

    private static Claim Confidence(AgreementContent? agreement)
    {
        var claim = new Claim
        {
            Key = "agreement-confidence",
            Place = "Fig. 6",
            Statement = "The more confident a value is, the more often it agrees.",
            Published = "agreement grows with the largest probability",
            Rule = "Holds where agreement among the most confident tenth of the values (by whole bins) lies above that of the rest, intervals apart.",
            Here = NotAnalysed,
            Verdict = Verdict.CannotBeTested,
        };
        ConfidenceBin[] bins = agreement is null ? [] : [.. agreement.ByConfidence.Where(bin => bin.Agreement.Total > 0).OrderByDescending(bin => bin.Lower)];
        if (bins.Length < 2)
        {
            return bins.Length == 1 ? claim with { Here = "all values lie in one bin" } : claim;
        }

        long total = bins.Sum(bin => bin.Agreement.Total);
        int taken = 1;
        for (long held = bins[0].Agreement.Total; taken < bins.Length - 1 && 10 * held < total; taken++)
        {
            held += bins[taken].Agreement.Total;
        }

        Share most = Judge.Pool(bins[..taken].Select(bin => bin.Agreement));
        Share rest = Judge.Pool(bins[taken..].Select(bin => bin.Agreement));
        return claim with
        {
            Here = $"{Numbers.Percent(most.Value)} where the largest probability is at least {Numbers.Plain(bins[taken - 1].Lower)}, else {Numbers.Percent(rest.Value)}",
            Interval = $"{Numbers.IntervalOf(most)}; {Numbers.IntervalOf(rest)}",
            Verdict = Judge.Below(rest.Wilson(), most.Wilson()),
            Finding = $"The most confident values agree in {Numbers.Percent(most.Value)}, the others in {Numbers.Percent(rest.Value)}; in the paper agreement grows with confidence.",
        };
    }

    private static Claim ConfidentDepth(AgreementContent? agreement, int layers)
    {
        var claim = new Claim
        {
            Key = "confident-depth",
            Place = "Table 2, section 4",
            Statement = "Nearly all of the 100 most confident values lie in the upper six of sixteen layers.",
            Published = "97 of 100 in layers 11–16",
            Rule = "Holds where more than half of them do, by the interval.",
            Here = NotAnalysed,
            Verdict = Verdict.CannotBeTested,
        };
        if (agreement is null || agreement.ConfidentCount == 0)
        {
            return claim;
        }

        Share share = new(agreement.ConfidentByLayer.Where(layer => Depth.IsUpper(layer.Key, layers)).Sum(layer => layer.Value), agreement.ConfidentCount);
        int[] upper = [.. Enumerable.Range(0, layers).Where(layer => Depth.IsUpper(layer, layers))];
        string figures = FormattableString.Invariant($"{share.Count} of {share.Total} lie in {Depth.Name(upper)}");
        return claim with
        {
            Here = figures,
            Interval = Numbers.IntervalOf(share),
            Null = $"{Numbers.Percent((double)upper.Length / layers)} of the layers",
            Verdict = Judge.Above(share.Wilson(), 0.5),
            Finding = $"Of the most confident values, {figures}; in the paper 97 of 100 lie in layers 11–16.",
        };
    }

    private static Claim ConfidentHits(AgreementContent? agreement)
    {
        var claim = new Claim
        {
            Key = "confident-hits",
            Place = "Table 2, section 4",
            Statement = "About half of the most confident values have a trigger that is followed by the value's top token.",
            Published = "46 of 100 have a hit in their top 50",
            Rule = "Holds where more than half of the published share do, by the interval.",
            Here = NotAnalysed,
            Verdict = Verdict.CannotBeTested,
        };
        if (agreement is null || agreement.ConfidentWithHit.Total == 0)
        {
            return claim;
        }

        Share share = agreement.ConfidentWithHit;
        string figures = FormattableString.Invariant($"{share.Count} of {share.Total}");
        return claim with
        {
            Here = figures,
            Interval = Numbers.IntervalOf(share),
            Verdict = Judge.Above(share.Wilson(), 0.23),
            Finding = $"Of the most confident values, {figures} have a trigger that their top token follows; in the paper 46 of 100.",
        };
    }

    private static double Shuffled(LayerAgreement[] layers)
        => layers.Sum(layer => layer.Shuffled.Value * layer.Agreement.Total) / layers.Sum(layer => layer.Agreement.Total);

    private static string NullOf(LayerAgreement[] layers) => $"shuffled {Numbers.Percent(Shuffled(layers))}; 1/V = {Numbers.Percent(layers[0].Chance)}";
}
