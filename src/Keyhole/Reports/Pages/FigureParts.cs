using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Keyhole.Reports.Contents;
using Keyhole.Reports.Figures;

namespace Keyhole.Reports.Pages;

/// <summary>Figures with their captions, and the sentence where one is missing.</summary>
internal static class FigureParts
{
    /// <summary>Figures of the paper, each where the paper has it, with what belongs beside it.</summary>
    public static Html Numbered(Fragments fragments, ReportModel report, ImmutableArray<Figure> figures)
        => Html.Join(figures.Where(figure => figure.Number.Length > 0 || (figure.IsDrawn && figure.Key is "reach" or "fig-11-breakdown-linear" or "fig-02-decoys")).Select(figure => Of(fragments, report, figure)));

    /// <summary>Figures whose names begin with a word.</summary>
    public static Html Named(Fragments fragments, ReportModel report, ImmutableArray<Figure> figures, string prefix)
        => Html.Join(figures.Where(figure => figure.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(figure => Of(fragments, report, figure)));

    /// <summary>The specifications as JSON that no parser of HTML can take for the end of its script.</summary>
    public static Html Specs(ImmutableArray<Figure> figures)
    {
        var specs = new JsonObject();
        foreach (Figure figure in figures.Where(figure => figure.IsDrawn))
        {
            specs[figure.Key] = figure.Spec();
        }

        return Html.Trusted(specs.ToJsonString(JsonSerializerOptions.Web)); // Its encoder writes <, > and & as escapes.
    }

    /// <summary>Activation histograms, peaked ones first.</summary>
    public static Html Histograms(Fragments fragments, ReportModel report, ImmutableArray<Figure> figures)
    {
        if (report.Histograms.Length == 0)
        {
            return fragments.Absent("No memory of this study fires.");
        }

        return Html.Join(((bool, string)[])[(true, "Most peaked"), (false, "Least peaked")] is var groups ? groups.Select(group => fragments.Fill("small-figures",
            ("title", group.Item2),
            ("figures", Html.Join(report.Histograms.Where(histogram => histogram.IsPeaked == group.Item1)
                .Select(histogram => figures.First(figure => figure.Key == $"histogram-{histogram.Id}"))
                .Select(figure => fragments.Fill("small-figure", ("key", figure.Key), ("title", figure.Title))))))) : []);
    }

    private static Html Of(Fragments fragments, ReportModel report, Figure figure)
    {
        Html published = figure.Published.Length == 0 ? Html.Empty : fragments.Fill("published", ("text", figure.Published));
        string id = figure.Number.Length == 0 ? figure.Key : figure.Number.ToLowerInvariant().Replace(". ", "-", StringComparison.Ordinal);
        string number = figure.Number.Length == 0 ? string.Empty : figure.Number + ": ";
        return figure.IsDrawn
            ? fragments.Fill("figure", ("id", id), ("key", figure.Key), ("number", number), ("title", figure.Title), ("caption", figure.Caption), ("published", published))
            : fragments.Fill("missing-figure", ("id", id), ("number", number), ("title", figure.Title), ("sentence", Sentence(report, figure.Section)), ("published", published));
    }

    /// <summary>Why a figure is missing.</summary>
    public static string Sentence(ReportModel report, string section)
        => report.Sections.Any(note => note.Name == section && note.Options is not null)
            ? $"The section '{section}' of this study has nothing to draw here."
            : $"Not in this study: the section '{section}' was not analysed. '{Command(section)}' adds it.";

    // What makes a section.
    private static string Command(string section) => section switch
    {
        "patterns" => "keyhole patterns STUDY",
        "features" => "keyhole features STUDY",
        "prefixes" => "keyhole analyze STUDY --only composition",
        _ => $"keyhole analyze STUDY --only {section}",
    };
}
