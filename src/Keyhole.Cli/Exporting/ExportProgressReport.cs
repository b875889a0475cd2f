using Keyhole.Exports;

namespace Keyhole.Cli.Exporting;

/// <summary>The progress of an export as the console shows it.</summary>
internal sealed class ExportProgressReport(IProgress<ProgressState> target) : IProgress<ExportProgress>
{
    /// <inheritdoc/>
    public void Report(ExportProgress value) => target.Report(new ProgressState(value.Phase, value.Share, string.Empty));
}
