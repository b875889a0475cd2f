using Keyhole.Claiming;

namespace Keyhole.Cli.Claiming;

/// <summary>Says what a run over claims is doing.</summary>
internal sealed class PhaseProgress(IProgress<ProgressState> target) : IProgress<ClaimProgress>
{
    /// <inheritdoc/>
    public void Report(ClaimProgress value) => target.Report(new ProgressState(value.Phase, value.Share, string.Empty));
}
