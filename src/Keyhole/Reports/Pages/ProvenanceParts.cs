using Keyhole.Exports;
using Keyhole.Reports.Contents;

namespace Keyhole.Reports.Pages;

/// <summary>Where the study comes from, and what decided its analysis.</summary>
internal static class ProvenanceParts
{
    public static Html Study(Fragments fragments, ReportModel report)
        => Facts(fragments, ProvenanceFacts.Of(report.Provenance, report.Counts, report.Files).SelectMany(group => group.Facts));

    public static Html Analysis(Fragments fragments, ReportModel report) => Html.Join(report.Sections.Select(section => fragments.Fill("section-options",
        ("name", section.Name),
        ("content", section.Options is { } options
            ? options.Count == 0 ? fragments.Paragraph("No option was noted.") : Facts(fragments, options.Select(option => (option.Key, option.Value)))
            : fragments.Absent("Not analysed.")))));

    private static Html Facts(Fragments fragments, IEnumerable<(string Name, string Value)> facts)
        => fragments.Fill("facts", ("facts", Html.Join(facts.Select(fact => fragments.Fill("fact", ("name", fact.Name), ("value", VisibleText.Of(fact.Value)))))));
}
