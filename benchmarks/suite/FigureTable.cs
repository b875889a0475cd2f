using System.Globalization;
using System.Text;

namespace Keyhole.Benchmarks;

/// <summary>A run's figures as a Markdown table for <c>docs/performance.md</c>.</summary>
internal static class FigureTable
{
    private const int MostPlaces = 15;

    /// <summary>The table, with a line above it that names machine, commit and day.</summary>
    public static string Of(FigureFile file)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Measured by `benchmarks/run{(file.Quick ? " --quick" : string.Empty)}` on {file.Date:yyyy-MM-dd}: {file.Machine}; commit {file.Commit}.\n\n");
        text.Append("| measure | figure | ratio | to | bar | |\n|---|---|---|---|---|---|\n");
        foreach (Figure figure in file.Figures)
        {
            string note = figure.Note.Length > 0 ? $" ({figure.Note})" : string.Empty;
            string value = figure.Value is not null ? $"{Value(figure)} {figure.Unit}".TrimEnd() : string.Empty;
            string ratio = figure.Ratio is not null ? Ratio(figure) : string.Empty;
            string verdict = figure.Ok switch { true => "met", false => "missed", null => string.Empty };
            Row(text, $"{figure.Part}: {figure.Name}{note}", value, ratio, figure.To, figure.Bar?.ToString() ?? string.Empty, verdict);
        }

        Sentences(text, "Left out", file.LeftOut);
        Sentences(text, "Broken off", file.BrokenOff);
        return text.ToString();
    }

    /// <summary>A figure's value, as <see cref="Digits"/> has it or, where that would seem to contradict the verdict, with more digits.</summary>
    public static string Value(Figure figure) => Judged(figure, figure.Value ?? double.NaN, figure.Ratio is null);

    /// <summary>A figure's ratio, as <see cref="Digits"/> has it or, where that would seem to contradict the verdict, with more digits.</summary>
    public static string Ratio(Figure figure) => Judged(figure, figure.Ratio ?? double.NaN, isJudged: true);

    /// <summary>A number with at least three digits that count, or three places after the point.</summary>
    public static string Digits(double number) => Text(number, Places(number));

    // 0.7999 at least 0.8 is missed, and "0.800, missed" cannot be.
    private static string Judged(Figure figure, double number, bool isJudged)
    {
        int places = Places(number);
        while (isJudged && double.IsFinite(number) && places < MostPlaces && figure.Bar is { } bar && bar.Holds(Parse(Text(number, places))) != bar.Holds(number))
        {
            places++;
        }

        return Text(number, places);
    }

    private static int Places(double number) => Math.Abs(number) switch
    {
        >= 99.95 => 0,
        >= 9.995 => 1,
        >= 0.9995 => 2,
        _ => 3,
    };

    private static string Text(double number, int places) => number.ToString($"N{places}", CultureInfo.InvariantCulture);

    private static double Parse(string digits) => double.Parse(digits, NumberStyles.Number, CultureInfo.InvariantCulture);

    private static void Row(StringBuilder text, params ReadOnlySpan<string> cells)
    {
        foreach (string cell in cells)
        {
            text.Append("| ").Append(OneLine(cell).Replace("|", "\\|", StringComparison.Ordinal)).Append(' ');
        }

        text.Append("|\n");
    }

    private static void Sentences(StringBuilder text, string title, IEnumerable<string> sentences)
    {
        foreach (string sentence in sentences)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{title}: {OneLine(sentence)}\n");
        }
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
