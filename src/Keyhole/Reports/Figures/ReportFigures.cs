using System.Collections.Immutable;
using Keyhole.Reports.Contents;

namespace Keyhole.Reports.Figures;

/// <summary>All figures of a report, in its order.</summary>
internal static class ReportFigures
{
    /// <summary>Every figure; one whose section was not analysed has no rows.</summary>
    public static ImmutableArray<Figure> Of(ReportModel report)
    {
        AgreementContent agreement = report.Agreement ?? AgreementContent.None;
        CompositionContent? composition = report.Composition;
        return
        [
            PatternFigures.Classes(report.Patterns),
            PatternFigures.Decoys(report.Patterns),
            MutationFigures.Mutations(report.Mutations),
            MutationFigures.Reach(report.Reach),
            AgreementFigures.Agreement(agreement),
            AgreementFigures.Ranks(agreement, report.Provenance.Shape.VocabularySize),
            AgreementFigures.Confidence(agreement),
            CompositionFigures.Active(composition),
            CompositionFigures.Zero(composition),
            CompositionFigures.Final(composition),
            CompositionFigures.Probability(composition),
            CompositionFigures.Breakdown(composition, linear: false),
            CompositionFigures.Breakdown(composition, linear: true),
            .. (report.Prompts ?? []).Select((set, index) => RefinementFigures.Prompts(set, index, report.Provenance.Shape.Layers)),
            RefinementFigures.Prefixes(composition),
            RefinementFigures.Entropy(composition),
            RefinementFigures.Settled(composition),
            .. DistributionFigures.Of(report.Distributions),
            .. ReadWriteFigures.Of(report.ReadWrite),
            .. FeatureFigures.Of(report.Features),
            .. report.Histograms.Select(HistogramFigures.Of),
        ];
    }
}
