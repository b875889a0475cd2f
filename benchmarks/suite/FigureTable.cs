using System.Globalization;
using System.Text;

namespace Keyhole.Benchmarks;

/// <summary>A run's figures as a Markdown table for <c>docs/performance.md</c>.</summary>
internal static class FigureTable
{
    /// <summary>The table, with a line above it that names machine, commit and day.</summary>
    public static string Of(FigureFile file)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Measured by `benchmarks/run{(file.Quick ? " --quick" : string.Empty)}` on {file.Date:yyyy-MM-dd}: {file.Machine}; commit {file.Commit}.\n\n");
        text.Append("| measure | figure | ratio | to | bar | |\n|---|---|---|---|---|---|\n");
        foreach (Figure figure in file.Figures)
        {
            string note = figure.Note.Length > 0 ? $" ({figure.Note})" : string.Empty;
            string value = figure.Value is { } number ? $"{Digits(number)} {figure.Unit}" : string.Empty;
            string ratio = figure.Ratio is { } share ? Digits(share) : string.Empty;
            string verdict = figure.Ok switch { true => "met", false => "missed", null => string.Empty };
            text.Append(CultureInfo.InvariantCulture, $"| {figure.Part}: {figure.Name}{note} | {value} | {ratio} | {figure.To} | {figure.Bar?.ToString() ?? string.Empty} | {verdict} |\n");
        }

        foreach (string sentence in file.LeftOut)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nLeft out: {sentence}\n");
        }

        return text.ToString();
    }

    /// <summary>A number with about three digits that count.</summary>
    public static string Digits(double number) => Math.Abs(number) switch
    {
        >= 100 => number.ToString("#,0", CultureInfo.InvariantCulture),
        >= 10 => number.ToString("0.0", CultureInfo.InvariantCulture),
        >= 1 => number.ToString("0.00", CultureInfo.InvariantCulture),
        _ => number.ToString("0.000", CultureInfo.InvariantCulture),
    };
}
