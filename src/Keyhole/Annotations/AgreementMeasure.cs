using System.Collections.Immutable;
using Keyhole.Statistics;

namespace Keyhole.Annotations;

/// <summary>How far annotators agree in one respect. Intervals are bootstrapped over sheets; N is the number of sheets that at least two of them are done with.</summary>
/// <param name="Question">What is compared.</param>
/// <param name="OnTrueSheets">Whether over true sheets alone; otherwise over all, decoys included.</param>
/// <param name="Alpha">Krippendorff's alpha over all annotators.</param>
/// <param name="Pairs">Cohen's kappa of every two annotators who share a sheet.</param>
public sealed record AgreementMeasure(AgreementQuestion Question, bool OnTrueSheets, Estimate Alpha, ImmutableArray<PairAgreement> Pairs);

/// <summary>Cohen's kappa of two annotators.</summary>
/// <param name="First">One.</param>
/// <param name="Second">The other.</param>
/// <param name="Kappa">Kappa; N counts the sheets that both are done with.</param>
public sealed record PairAgreement(string First, string Second, Estimate Kappa);

/// <summary>In what annotators may agree.</summary>
public enum AgreementQuestion
{
    /// <summary>Each prefix: covered by a pattern, or not.</summary>
    PrefixCovered,

    /// <summary>Each prefix: shallow, semantic, both, syntactic or not covered.</summary>
    PrefixClass,

    /// <summary>Each sheet: a pattern is found, or not.</summary>
    PatternFound,

    /// <summary>Each sheet on which a pattern is found: shallow, semantic, both, or syntactic alone.</summary>
    SheetKind,
}
