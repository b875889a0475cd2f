using System.Collections.Immutable;
using Keyhole.Reports.Claims;

namespace Keyhole.Reports.Pages;

/// <summary>The findings and the claims table.</summary>
internal static class ClaimParts
{
    private const int MostAlike = 8;

    public static Html Findings(Fragments fragments, ImmutableArray<Claim> claims)
    {
        (Verdict Verdict, string Title, string Kind)[] groups =
        [
            (Verdict.Fails, "Differently from the paper", "fails"),
            (Verdict.Holds, "As in the paper", "holds"),
            (Verdict.CannotBeTested, "Measured, but too few or too close to tell", "open"),
        ];
        Html[] parts = [.. groups.Select(group => (group, Claims: ClaimTable.Findings(claims.Where(claim => claim.Verdict == group.Verdict), group.Verdict == Verdict.Fails ? int.MaxValue : MostAlike)))
            .Where(group => group.Claims.Length > 0)
            .Select(group => fragments.Fill("findings", ("title", group.group.Title), ("kind", group.group.Kind),
                ("items", Html.Join(group.Claims.Select(claim => fragments.Fill("finding", ("finding", claim.Finding), ("anchor", $"claim-{claim.Key}"), ("place", claim.Place)))))))];
        int[] counts = [.. groups.Select(group => claims.Count(claim => claim.Verdict == group.Verdict))];
        return Html.Join([fragments.Paragraph(FormattableString.Invariant($"Of {claims.Length} published claims {counts[1]} hold for this model, {counts[0]} fail, and {counts[2]} cannot be tested here.")), .. parts]);
    }

    public static Html Rows(Fragments fragments, ImmutableArray<Claim> claims) => Html.Join(claims.Select(claim => fragments.Fill("claim",
        ("key", claim.Key),
        ("kind", claim.Verdict switch { Verdict.Holds => "holds", Verdict.Fails => "fails", _ => "open" }),
        ("place", claim.Place),
        ("statement", claim.Statement),
        ("published", claim.Published),
        ("rule", claim.Rule),
        ("here", claim.Here),
        ("interval", claim.Interval),
        ("null", claim.Null),
        ("verdict", claim.VerdictText))));
}
