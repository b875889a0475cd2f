using System.Collections.Immutable;
using System.Text.Json;
using Keyhole.Claiming;
using Keyhole.Features;
using Keyhole.Patterns;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;

namespace Keyhole.Exports;

/// <summary>What <c>keyhole patterns</c>, <c>claim</c> and <c>features</c> found in a study, each as one JSON document of the form that the command prints (docs/formats/results.md).</summary>
internal static class ResultDocuments
{
    /// <summary>Version of the documents' members, their first member.</summary>
    public const int SchemaVersion = 1;

    /// <summary>Writes the patterns by layer and source, and the counts of all; those of a memory stand in its own line.</summary>
    public static void WritePatterns(Study study, IReadOnlyList<LayerPatterns> layers, Stream stream) => Write(stream, json => PatternJson.Write(json, new PatternResult
    {
        Lists = [.. StudyPatterns.Read(study) ?? []],
        Layers = [.. layers],
        Options = (AnalysisSections.Read(study, AnalysisSections.Patterns) ?? ImmutableSortedDictionary<string, string>.Empty).ToImmutableSortedDictionary(StringComparer.Ordinal),
    }));

    /// <summary>Writes the tested claims, with the tests of the memories that are exported.</summary>
    public static void WriteClaims(ExportRun run, ClaimRun claims, Stream stream) => Write(stream, json => ClaimJson.Write(json, claims with
    {
        Claims = [.. claims.Claims.Select(claim => claim with { Tests = [.. claim.Tests.Where(test => run.Writes(test.Memory))] })],
    }));

    /// <summary>Writes the memories as features.</summary>
    public static void WriteFeatures(FeatureResult features, Stream stream) => Write(stream, json => FeatureJson.Write(json, features));

    private static void Write(Stream stream, Action<Utf8JsonWriter> write)
    {
        using (Utf8JsonWriter json = new(stream, MemoryJson.Options with { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteNumber("schemaVersion", SchemaVersion);
            write(json);
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
    }
}
