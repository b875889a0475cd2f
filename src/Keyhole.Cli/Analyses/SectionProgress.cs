using Keyhole.Analyses;

namespace Keyhole.Cli.Analyses;

/// <summary>Says which section of an analysis is being made.</summary>
internal sealed class SectionProgress(IProgress<ProgressState> target, double from = 0, double part = 1) : IProgress<AnalysisProgress>
{
    /// <inheritdoc/>
    public void Report(AnalysisProgress value) => target.Report(new ProgressState(value.Section.Name(), from + (part * value.Share), string.Empty));
}
