namespace Keyhole.Cli;

/// <summary>One phase's share as a part of a run's progress.</summary>
/// <param name="target">Shows it.</param>
/// <param name="phase">What is being done.</param>
/// <param name="from">Share of the run that is done when the phase begins.</param>
/// <param name="part">Share of the run that the phase is.</param>
internal sealed class ShareProgress(IProgress<ProgressState> target, string phase, double from = 0, double part = 1) : IProgress<double>
{
    public void Report(double value) => target.Report(new ProgressState(phase, from + (part * value), string.Empty));
}
