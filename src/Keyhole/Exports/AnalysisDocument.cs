using System.Text.Json;
using System.Text.Json.Nodes;
using Keyhole.Analyses;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;

namespace Keyhole.Exports;

/// <summary>The figures of an analysis by layer as one JSON document, <c>analysis.json</c>.</summary>
internal static class AnalysisDocument
{
    /// <summary>Version of the document's members, its first member.</summary>
    public const int SchemaVersion = 1;

    /// <summary>Writes the document and a line end, UTF-8.</summary>
    public static void Write(Study study, StudyAnalysis analysis, Stream stream)
    {
        StudyProvenance provenance = study.Provenance;
        JsonObject options = [];
        foreach (string section in AnalysisSections.WithCompat)
        {
            if (analysis.Options(section) is { } named)
            {
                options[section] = new JsonObject(named.OrderBy(option => option.Key, StringComparer.Ordinal).Select(option => KeyValuePair.Create(option.Key, (JsonNode?)option.Value)));
            }
        }

        JsonObject document = new()
        {
            ["schemaVersion"] = SchemaVersion,
            ["weightsSha256"] = provenance.WeightsSha256,
            ["tokenizerSha256"] = provenance.TokenizerSha256,
            ["corpusSha256"] = provenance.CorpusSha256,
            ["layers"] = new JsonArray([.. LayerFigures.Of(study, analysis)]),
            ["output"] = analysis.Composition is { } composed ? LayerFigures.Output(composed) : null,
            ["prompts"] = analysis.Refinement is { } refinement ? new JsonArray([.. LayerFigures.Prompts(refinement)]) : null,
            ["options"] = options,
        };
        using (Utf8JsonWriter json = new(stream, MemoryJson.Options with { Indented = true, NewLine = "\n" }))
        {
            document.WriteTo(json);
        }

        stream.WriteByte((byte)'\n');
    }
}
