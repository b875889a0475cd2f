using System.Collections.Immutable;
using System.Text;
using Keyhole.Engine;
using Keyhole.Exports;
using Keyhole.Reports.Claims;
using Keyhole.Reports.Contents;
using Keyhole.Reports.Figures;
using Keyhole.Reports.Pages;
using Keyhole.Studies;

namespace Keyhole.Reports;

/// <summary>Writes the report of an analysed study: the paper's figures, tables and claims on this model, in one HTML file that opens offline.</summary>
public static class Report
{
    /// <summary>Writes the report, and its figures where <see cref="ReportOptions.Figures"/> asks for them.</summary>
    /// <param name="study">The study, mined and analysed; no model is needed.</param>
    /// <param name="output">The HTML file; an older one is replaced when the new one is whole.</param>
    /// <param name="options">What to show.</param>
    /// <param name="progress">Receives the share done and what is being done.</param>
    /// <param name="stop">Stops the work; nothing half-written is left.</param>
    /// <exception cref="InputRefusedException">KH5130: never analysed; KH5131: it has none of the memories; KH5111: no file can be put at the output; KH5105: damaged.</exception>
    /// <exception cref="StudyNotWrittenException">KH5120: a file could not be written.</exception>
    /// <returns>The published claims beside the model's figures, as the report shows them.</returns>
    public static ImmutableArray<Claim> Write(Study study, string output, ReportOptions options, Action<double, string>? progress = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(options);
        OutputTarget.Require(output, "KH5111");
        progress?.Invoke(0, "reading");
        ReportModel report = ReportContents.Read(study, options, stop);
        ImmutableArray<Figure> figures = ReportFigures.Of(report);
        string page = ReportPage.Render(report, figures);
        ResultFile.Replace(output, Encoding.UTF8.GetBytes(page));
        if (options.Figures is { } folder)
        {
            FigureFolder.Write(figures, folder, progress, stop);
        }

        progress?.Invoke(1, "done");
        return ClaimTable.Of(report);
    }
}
