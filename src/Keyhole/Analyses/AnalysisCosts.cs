using Keyhole.Engine.Models;
using Keyhole.Studies;

namespace Keyhole.Analyses;

/// <summary>A rough measure of each section's arithmetic, for progress alone.</summary>
internal static class AnalysisCosts
{
    private const double TokensOfText = 25;

    public static double Of(AnalysisSection section, ModelSpec spec, Study study, AnalysisOptions options)
    {
        double readout = (double)spec.VocabularySize * spec.Width;
        double token = spec.Blocks.Sum(block => ((2.0 + (block.FeedForward.IsGated ? 1 : 0)) * block.FeedForward.ExpertsUsed * block.FeedForward.ExpertSize * spec.Width) + (4.0 * spec.Width * spec.Width));
        double memories = spec.Blocks.Sum(block => (double)block.FeedForward.MemoryCount);
        double poles = spec.Blocks[0].FeedForward.IsGated ? 2 : 1;
        double units = Math.Min(study.UnitCount, memories * poles);
        double mutations = (double)options.Mutations.Memories * options.Mutations.Triggers * spec.LayerCount * poles;
        double reaches = (double)options.Reach.Memories * options.Reach.Triggers * spec.LayerCount * poles;
        return section switch
        {
            AnalysisSection.Values => memories * readout,
            AnalysisSection.Predictions => (units * TokensOfText * token) + (Math.Min(study.TokenCount, memories * poles) * readout),
            AnalysisSection.Composition or AnalysisSection.Compat => options.Prefixes.Count * ((TokensOfText / 2 * token) + (3.0 * spec.LayerCount * readout)),
            AnalysisSection.Prompts => 100 * ((10 * token) + ((spec.LayerCount + 1) * readout)),
            AnalysisSection.Mutations => mutations * 3 * TokensOfText / 2 * token / 2,
            AnalysisSection.Reach => reaches * TokensOfText * TokensOfText / 2 * token / 2,
            AnalysisSection.ReadWrite => memories * 10 * spec.Width,
            _ => memories * 1e4,
        };
    }
}
