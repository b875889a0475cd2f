using System.Globalization;
using Keyhole.Exports;
using Keyhole.Reports.Contents;
using Keyhole.Studies;

namespace Keyhole.Reports.Pages;

/// <summary>Where the study comes from, and what decided its analysis.</summary>
internal static class ProvenanceParts
{
    public static Html Study(Fragments fragments, ReportModel report)
    {
        StudyProvenance provenance = report.Provenance;
        ModelShape shape = provenance.Shape;
        StudyRun run = provenance.Run;
        List<(string, string)> facts =
        [
            ("model", provenance.ModelPath),
            ("family", provenance.ModelFamily),
            ("layers", Numbers.Count(shape.Layers)),
            ("memories a layer", Widths(shape)),
            ("width (D)", Numbers.Count(shape.ModelWidth)),
            ("vocabulary (V)", Numbers.Count(shape.VocabularySize)),
            ("activation", shape.Activation + (shape.Gated ? ", gated" : string.Empty)),
            ("weights, SHA-256", provenance.WeightsSha256),
            ("tokenizer, SHA-256", provenance.TokenizerSha256),
            ("corpus, SHA-256", provenance.CorpusSha256),
            .. report.Files.Take(20).Select(file => ("corpus file", $"{VisibleText.Of(file.Path)} ({Numbers.Count(file.Bytes)} bytes, SHA-256 {file.Sha256})")),
            .. report.Files.Length > 20 ? [("corpus files", Numbers.Count(report.Files.Length))] : Array.Empty<(string, string)>(),
            .. provenance.Shard is { } shard ? [("part of the corpus", StudyShardText.Of(shard))] : Array.Empty<(string, string)>(),
            ("text units", Numbers.Count(report.Counts.Units)),
            ("tokens", Numbers.Count(report.Counts.Tokens)),
            ("candidate positions", Numbers.Count(provenance.Candidates)),
            ("memories in the study", Numbers.Count(report.Counts.Memories)),
            .. provenance.Options.Select(option => ("option " + option.Key, option.Value)),
            ("program", "keyhole " + provenance.ProgramVersion),
            ("mined", $"{Time(run.Started)} to {Time(run.Finished)}"),
            ("machine", string.Create(CultureInfo.InvariantCulture, $"{run.Processor}, {run.Threads} threads, {run.InstructionSet}, {run.OperatingSystem}, {run.Framework}")),
            .. run.Options.Select(option => ("run option " + option.Key, option.Value)),
        ];
        return Facts(fragments, facts);
    }

    public static Html Analysis(Fragments fragments, ReportModel report) => Html.Join(report.Sections.Select(section => fragments.Fill("section-options",
        ("name", section.Name),
        ("content", section.Options is { } options
            ? options.Count == 0 ? fragments.Paragraph("No option was noted.") : Facts(fragments, options.Select(option => (option.Key, option.Value)))
            : fragments.Absent("Not analysed.")))));

    /// <summary>Memories of every layer, in short.</summary>
    public static string Widths(ModelShape shape)
    {
        int[] distinct = [.. shape.Widths.Distinct()];
        string experts = shape.Experts > 0 ? $" in each of {Numbers.Count(shape.Experts)} experts" : string.Empty;
        return (distinct.Length == 1 ? Numbers.Count(distinct[0]) : string.Join(", ", shape.Widths.Select(width => Numbers.Count(width)))) + experts;
    }

    private static Html Facts(Fragments fragments, IEnumerable<(string Name, string Value)> facts)
        => fragments.Fill("facts", ("facts", Html.Join(facts.Select(fact => fragments.Fill("fact", ("name", fact.Name), ("value", VisibleText.Of(fact.Value)))))));

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
