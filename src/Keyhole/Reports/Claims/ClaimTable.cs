using System.Collections.Immutable;
using Keyhole.Reports.Contents;
using Keyhole.Studies;

namespace Keyhole.Reports.Claims;

/// <summary>The published claims beside a model's figures (method, section 9).</summary>
public static class ClaimTable
{
    /// <summary>The claims of an analysed study, in the paper's order.</summary>
    /// <param name="study">The study.</param>
    /// <exception cref="Keyhole.Engine.InputRefusedException">KH5130: never analysed; KH5105: damaged.</exception>
    public static ImmutableArray<Claim> Of(Study study) => Of(ReportContents.Read(study, new ReportOptions(), CancellationToken.None));

    /// <summary>What a reader should know first: findings that differ from the paper, then those that repeat it.</summary>
    /// <param name="claims">The claims.</param>
    /// <param name="most">At most so many.</param>
    public static ImmutableArray<Claim> Findings(IEnumerable<Claim> claims, int most)
        => [.. claims.Where(claim => claim.Finding.Length > 0).OrderBy(claim => claim.Verdict switch { Verdict.Fails => 0, Verdict.Holds => 1, _ => 2 }).Take(most)];

    /// <summary>The claims of a report's content.</summary>
    internal static ImmutableArray<Claim> Of(ReportModel report)
        => [.. PatternClaims.Of(report), .. MutationClaims.Of(report), .. AgreementClaims.Of(report), .. CompositionClaims.Of(report), .. RefinementClaims.Of(report)];
}
