using System.Text.Json;
using Keyhole.Exports;
using Keyhole.Statistics;
using Keyhole.Studies.Analysis;

namespace Keyhole.Annotations;

/// <summary>Results as JSON, the same from the command and from the web (docs/annotation.md).</summary>
public static class AnnotationJson
{
    /// <summary>Name of a question.</summary>
    /// <param name="question">The question.</param>
    public static string Name(AgreementQuestion question) => question switch
    {
        AgreementQuestion.PrefixCovered => "prefix covered",
        AgreementQuestion.PrefixClass => "class of prefix",
        AgreementQuestion.PatternFound => "pattern found",
        _ => "kind of sheet",
    };

    /// <summary>Writes an object of results.</summary>
    /// <param name="json">Where a value is expected.</param>
    /// <param name="results">The results.</param>
    public static void Write(Utf8JsonWriter json, AnnotationResults results)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(results);
        json.WriteStartObject();
        json.WriteNumber("annotations", results.Ratings.Length);
        json.WriteNumber("begunAfterOpening", results.BegunAfterOpening);
        Array(json, "annotators", results.Annotators, annotator =>
        {
            json.WriteString("annotator", annotator.Annotator);
            json.WriteNumber("done", annotator.Done);
            Write(json, "coverage", annotator.Coverage);
            Write(json, "found", annotator.Found);
            Write(json, "patterns", annotator.Patterns);
        });
        Array(json, "agreement", results.Agreement, measure =>
        {
            json.WriteString("of", Name(measure.Question));
            json.WriteString("sheets", measure.OnTrueSheets ? "true" : "all");
            MemoryJson.WriteEstimate(json, "alpha", measure.Alpha);
            Array(json, "pairs", measure.Pairs, pair =>
            {
                json.WriteString("first", pair.First);
                json.WriteString("second", pair.Second);
                MemoryJson.WriteEstimate(json, "kappa", pair.Kappa);
            });
        });
        Array(json, "layers", results.Layers, layer =>
        {
            json.WriteNumber("layer", layer.Layer);
            MemoryJson.WriteEstimate(json, "shallow", layer.Shallow);
            MemoryJson.WriteEstimate(json, "semantic", layer.Semantic);
            MemoryJson.WriteEstimate(json, "both", layer.Both);
            MemoryJson.WriteEstimate(json, "syntactic", layer.Syntactic);
            MemoryJson.WriteEstimate(json, "notCovered", layer.NotCovered);
        });
        Array(json, "sheets", results.Ratings, rating =>
        {
            json.WriteString("sheet", rating.Sheet.Id);
            json.WriteString("kind", AnnotationText.Of(rating.Sheet.Kind));
            json.WriteNumber("layer", rating.Sheet.Layer);
            json.WriteString("neuron", rating.Sheet.Memory?.ToString());
            json.WriteString("pole", rating.Sheet.Memory is null ? null : PoleName.Of(rating.Sheet.Pole));
            json.WriteString("annotator", rating.Annotation.Annotator);
            json.WriteNumber("patterns", rating.Patterns);
            json.WriteNumber("coverage", rating.Coverage);
        });
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, RealAndDecoy compared)
    {
        json.WriteStartObject(name);
        MemoryJson.WriteEstimate(json, "true", compared.Real);
        MemoryJson.WriteEstimate(json, "decoy", compared.Decoy);
        MemoryJson.WriteEstimate(json, "random", compared.Random);
        MemoryJson.WriteEstimate(json, "mixed", compared.Mixed);
        MemoryJson.WriteEstimate(json, "difference", compared.Difference);
        json.WriteEndObject();
    }

    private static void Array<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (T item in items)
        {
            json.WriteStartObject();
            write(item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
