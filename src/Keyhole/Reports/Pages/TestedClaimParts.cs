using System.Collections.Immutable;
using System.Globalization;
using Keyhole.Claiming;
using Keyhole.Exports;
using Keyhole.Memories;
using Keyhole.Statistics;

namespace Keyhole.Reports.Pages;

/// <summary>The claims that <c>keyhole claim</c> tested.</summary>
internal static class TestedClaimParts
{
    private const int MostRows = 20;

    /// <summary>All of them, each with a table and examples.</summary>
    public static Html Section(Fragments fragments, ClaimRun? run) => run is null
        ? fragments.Absent("No claim was tested on this study; 'keyhole claim' does it.")
        : Html.Join([
            fragments.Paragraph(VisibleText.Of($"{run.Options.GetValueOrDefault("positions", "0")} positions of {run.Options.GetValueOrDefault("units", "0")} texts ({run.Options.GetValueOrDefault("texts", "texts")}). Intervals: 95%, texts resampled. q: p-values after Benjamini and Hochberg, over {run.Options.GetValueOrDefault("tests", "all")} tests.")),
            .. run.Claims.Select(claim => Claim(fragments, claim))]);

    private static Html Claim(Fragments fragments, ClaimResult claim) => fragments.Fill("tested-claim",
        ("name", VisibleText.Of(claim.Name)),
        ("predicate", VisibleText.Of(claim.Predicate)),
        ("threshold", VisibleText.Of(claim.Threshold)),
        ("precision", Numbers.Plain(claim.Levels.Precision)),
        ("recall", Numbers.Plain(claim.Levels.Recall)),
        ("searched", claim.Searched ? " Memories were chosen on one half of the texts, in this order, and counted on the other." : string.Empty),
        ("rows", Html.Join(claim.Tests.Take(MostRows).Select(test => Row(fragments, test)))),
        ("examples", Html.Join(claim.Tests.Take(MostRows).Select(test => Examples(fragments, test)))));

    private static Html Row(Fragments fragments, ClaimTest test) => fragments.Fill("tested-row",
        ("memory", Memory(test)),
        ("above", double.IsNaN(test.Threshold) ? "rank" : Numbers.Plain(test.Threshold)),
        ("tp", Numbers.Count(test.Counts.Tp)),
        ("fp", Numbers.Count(test.Counts.Fp)),
        ("fn", Numbers.Count(test.Counts.Fn)),
        ("tn", Numbers.Count(test.Counts.Tn)),
        ("precision", Share(test.Counts.Precision, test.PrecisionInterval)),
        ("recall", Share(test.Counts.Recall, test.RecallInterval)),
        ("negative", $"{Share(test.Counts.NegativeGivenInactive, test.NegativeInterval)}, anywhere {Numbers.Percent(1 - test.Counts.BaseRate)}"),
        ("lift", Number(test.Counts.Lift, test.LiftInterval)),
        ("phi", Number(test.Counts.Phi, test.PhiInterval)),
        ("auroc", Number(test.Auroc, test.AurocInterval)),
        ("ap", Number(test.AveragePrecision, test.AveragePrecisionInterval)),
        ("q", Numbers.Plain(test.AdjustedP, 2)),
        ("kind", test.Verdict == ClaimVerdict.Neither ? "open" : "holds"),
        ("verdict", test.Verdict.ToString().ToLowerInvariant()));

    private static Html Examples(Fragments fragments, ClaimTest test)
    {
        (string Title, ImmutableArray<ClaimExample> Examples)[] lists =
            [("Active, and P holds", test.Examples.Hits), ("Active, but P does not hold", test.Examples.Extra), ("P holds, but the memory is not active", test.Examples.Missed)];
        Html[] shown = [.. lists.Where(list => list.Examples.Length > 0).SelectMany(list => new[] { fragments.Paragraph(list.Title), fragments.Fill("triggers", ("items", Html.Join(list.Examples.Select(example => Example(fragments, example))))) })];
        return shown.Length == 0 ? Html.Empty : fragments.Fill("tested-examples", ("memory", Memory(test)), ("lists", Html.Join(shown)));
    }

    private static Html Example(Fragments fragments, ClaimExample example) => fragments.Fill("trigger",
        ("coefficient", Numbers.Plain(example.Coefficient)),
        ("before", VisibleText.Of(example.Prefix)),
        ("last", VisibleText.Of(example.Last)),
        ("target", example.Target is null ? Html.Empty : fragments.Fill("target", ("text", VisibleText.Of(example.Target)))),
        ("at", string.Create(CultureInfo.InvariantCulture, $"{example.Unit}:{example.Position}")));

    private static string Memory(ClaimTest test) => test.Memory + (test.Pole == Pole.Negative ? " −" : string.Empty);

    private static string Share(double value, Interval interval) => double.IsNaN(interval.Lower) ? Numbers.Percent(value) : $"{Numbers.Percent(value)} ({Numbers.Percent(interval)})";

    private static string Number(double value, Interval interval) => double.IsNaN(interval.Lower) ? Numbers.Plain(value) : $"{Numbers.Plain(value)} ({Numbers.Plain(interval.Lower)} to {Numbers.Plain(interval.Upper)})";
}
