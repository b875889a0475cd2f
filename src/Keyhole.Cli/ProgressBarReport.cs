using Spectre.Console;

namespace Keyhole.Cli;

/// <summary>Progress on a terminal.</summary>
internal sealed class ProgressBarReport(ProgressTask task) : IProgress<ProgressState>
{
    /// <inheritdoc/>
    public void Report(ProgressState value)
    {
        task.Value = value.Share;
        task.Description = Markup.Escape(value.Detail.Length == 0 ? value.Phase : $"{value.Phase}: {value.Detail}");
    }
}
