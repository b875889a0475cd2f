using System.CommandLine;
using Keyhole.Cli.Mining;
using Keyhole.Reports;
using Keyhole.Studies;

namespace Keyhole.Cli.Commands;

/// <summary><c>keyhole report</c>: the paper's figures and tables on a model, in one HTML file.</summary>
internal sealed class ReportCommand : KeyholeCommand
{
    private readonly Argument<string> _study = CommonOptions.Study();
    private readonly Option<string> _output = new("--output", "-o") { Description = "The HTML file to write; an older one is replaced.", HelpName = "FILE", Required = true };
    private readonly Option<string?> _figures = new("--figures") { Description = "Also write every figure into this folder: Vega-Lite specification, data as CSV, SVG.", HelpName = "DIR" };
    private readonly Option<string?> _neurons = new("--neurons") { Description = "Show only the memories named in this file, one a line (L3N128).", HelpName = "FILE" };

    /// <summary>Creates the command.</summary>
    public ReportCommand()
        : base("report", "Writes the paper's figures, tables and claims on an analysed study's model: one HTML file that opens offline. The model itself is not needed.",
            "keyhole report mini.study -o report.html",
            "keyhole report mini.study -o report.html --figures figures")
    {
        Add(_study);
        Add(_output);
        Add(_figures);
        Add(_neurons);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult options, CommandConsole console, CancellationToken stop)
    {
        string output = options.GetRequiredValue(_output);
        string? figures = options.GetValue(_figures);
        var wanted = new ReportOptions { Figures = figures, Neurons = options.GetValue(_neurons) is { } neurons ? NeuronFile.Read(neurons) : null };
        using Study study = Study.Open(options.GetRequiredValue(_study));
        console.WithProgress(progress =>
        {
            Report.Write(study, output, wanted, (share, what) => progress.Report(new ProgressState("report", share, what)), stop);
            return true;
        });
        if (console.Json)
        {
            console.WriteJson(schemaVersion: 1, json =>
            {
                json.WriteString("report", output);
                json.WriteString("figures", figures);
            });
        }
        else
        {
            console.Note(figures is null ? $"wrote {output}" : $"wrote {output} and the figures in {figures}");
        }
        return ExitCode.Done;
    }
}
