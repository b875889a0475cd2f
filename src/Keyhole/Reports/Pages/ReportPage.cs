using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Keyhole.Exports;
using Keyhole.Reports.Claims;
using Keyhole.Reports.Contents;
using Keyhole.Reports.Figures;
using Keyhole.Studies;

namespace Keyhole.Reports.Pages;

/// <summary>The report as one HTML file that needs nothing else.</summary>
internal static class ReportPage
{
    /// <summary>The whole page.</summary>
    /// <param name="report">Its content.</param>
    /// <param name="figures">Its figures.</param>
    public static string Render(ReportModel report, ImmutableArray<Figure> figures)
    {
        var fragments = new Fragments();
        ImmutableArray<Claim> claims = ClaimTable.Of(report);
        var memories = new MemoryParts(fragments, report.Provenance.Shape.Gated);
        string noMemories = report.Counts.Memories == 0 ? "This study has no memory." : "This study has no memory to show here.";
        string[] scripts = [.. ((string[])[ReportResource.Vendored("vega"), ReportResource.Vendored("vega-lite"), ReportResource.Vendored("vega-embed"), ReportResource.Text("report.js")]).Select(Script)];
        return new HtmlTemplate(ReportResource.Text("report.html")).Fill(
            ("policy", Policy(scripts)),
            ("version", report.Provenance.ProgramVersion),
            ("name", VisibleText.Of(report.Name)),
            ("css", Html.Trusted(ReportResource.Text("report.css"))),
            ("lead", Lead(report)),
            ("limited", report.Limited is { } limited ? $" Memories, values and mutations are limited to the {Numbers.Count(limited)} memories that were asked for." : string.Empty),
            ("findings", ClaimParts.Findings(fragments, claims)),
            ("claims", ClaimParts.Rows(fragments, claims)),
            ("figures", FigureParts.Numbered(fragments, report, figures)),
            ("refinement", Html.Join([
                report.Prompts is null or { Length: 0 } ? fragments.Absent(FigureParts.Sentence(report, "prompts")) : Html.Empty,
                FigureParts.Named(fragments, report, figures, "refinement-")])),
            ("surety", FigureParts.Named(fragments, report, figures, "surety-")),
            ("features", report.Features is null ? fragments.Absent(FigureParts.Sentence(report, "features")) : FigureParts.Named(fragments, report, figures, "features-")),
            ("table1", report.Thirds.Length == 0 ? fragments.Absent(noMemories) : memories.Keys(report.Thirds)),
            ("table2", report.Agreement is null ? fragments.Absent(FigureParts.Sentence(report, "values")) : report.Thirds.Length == 0 ? fragments.Absent(noMemories) : memories.Values(report.Thirds)),
            ("whole", report.Whole is null ? fragments.Absent(noMemories) : memories.Whole(report.Whole)),
            ("distributions", report.Distributions.Length == 0 ? fragments.Absent(noMemories) : FigureParts.Named(fragments, report, figures, "distribution-")),
            ("readWrite", FigureParts.Named(fragments, report, figures, "read-write-")),
            ("histograms", FigureParts.Histograms(fragments, report, figures)),
            ("compositions", Compositions(fragments, report)),
            ("tested", TestedClaimParts.Section(fragments, report.Tested)),
            ("memories", report.Groups.All(group => group.Pages.Length == 0) ? fragments.Absent(noMemories) : memories.Groups(report.Groups)),
            ("glossary", Html.Trusted(ReportResource.Text("glossary.html"))),
            ("provenance", ProvenanceParts.Study(fragments, report)),
            ("analysis", ProvenanceParts.Analysis(fragments, report)),
            ("vegaVersion", VegaVersions.Vega),
            ("vegaLiteVersion", VegaVersions.VegaLite),
            ("vegaEmbedVersion", VegaVersions.VegaEmbed),
            ("specs", FigureParts.Specs(figures)),
            ("vega", Html.Trusted(scripts[0])),
            ("vegaLite", Html.Trusted(scripts[1])),
            ("vegaEmbed", Html.Trusted(scripts[2])),
            ("script", Html.Trusted(scripts[3]))).ToString();
    }

    private static string Lead(ReportModel report)
    {
        ModelShape shape = report.Provenance.Shape;
        return $"{report.Provenance.ModelFamily}, {Numbers.Count(shape.Layers)} layers of {ProvenanceFacts.Widths(shape)} memories, {Numbers.Count(shape.ModelWidth)} wide, "
            + $"{shape.Activation}{(shape.Gated ? ", gated" : string.Empty)}, vocabulary {Numbers.Count(shape.VocabularySize)}. "
            + $"Mined over {Numbers.Count(report.Counts.Units)} texts with {Numbers.Count(report.Counts.Tokens)} tokens.";
    }

    private static Html Compositions(Fragments fragments, ReportModel report) => report.Composition switch
    {
        null => fragments.Absent(FigureParts.Sentence(report, "prefixes")),
        { LastLayer.Length: 0 } => fragments.Absent("No prefix of this study was composed in the last layer."),
        { LastLayer: var rows } => fragments.Fill("compositions", ("count", Numbers.Count(rows.Length)), ("rows", Html.Join(rows.Select(row => fragments.Fill("composition",
            ("prefix", VisibleText.Of(row.Prefix)), ("residual", VisibleText.Of(row.Residual)), ("update", VisibleText.Of(row.Update)), ("output", VisibleText.Of(row.Output)), ("target", VisibleText.Of(row.Target))))))),
    };

    // Within a script element only "</script" and "<!--" mean anything to HTML, and to JavaScript the escapes mean the same.
    private static string Script(string source)
        => source.Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase).Replace("<!--", "<\\!--", StringComparison.Ordinal).ReplaceLineEndings("\n");

    // Only the four scripts run, by their hashes, and nothing can be fetched. Vega compiles expressions, hence unsafe-eval; it sets styles, hence unsafe-inline.
    private static string Policy(IEnumerable<string> scripts)
        => $"default-src 'none'; script-src 'unsafe-eval' {string.Join(' ', scripts.Select(script => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)))}'"))}; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'";
}
