using System.Text.Json;
using Keyhole.Annotations;
using Keyhole.Memories;
using Keyhole.Patterns;
using Keyhole.Statistics;

namespace Keyhole.Exports;

/// <summary>Patterns in JSON, the same wherever a memory is written.</summary>
public static class PatternJson
{
    /// <summary>What was found in a whole study: <c>options</c>, counts, and <c>layers</c> with each measure and its interval.</summary>
    /// <param name="json">Inside an object.</param>
    /// <param name="result">What was found.</param>
    public static void Write(Utf8JsonWriter json, PatternResult result)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(result);
        MemoryJson.WriteOptions(json, result.Options);
        json.WriteNumber("lists", result.Lists.Length);
        json.WriteNumber("listsWithPattern", result.Lists.Count(list => list.Patterns.Length > 0));
        json.WriteNumber("patterns", result.Lists.Sum(list => list.Patterns.Length));
        json.WriteStartObject("byClass");
        foreach (IGrouping<PatternClass, Pattern> kind in result.Lists.SelectMany(list => list.Patterns).GroupBy(pattern => pattern.Class).OrderBy(kind => kind.Key))
        {
            json.WriteNumber(PatternClasses.NameOf(kind.Key), kind.Count());
        }

        json.WriteEndObject();
        json.WriteStartArray("layers");
        foreach (LayerPatterns layer in result.Layers)
        {
            json.WriteStartObject();
            json.WriteNumber("layer", layer.Layer);
            json.WriteString("source", layer.Source);
            json.WriteNumber("lists", layer.Lists);
            json.WriteNumber("prefixes", layer.Prefixes);
            foreach ((PatternMeasure measure, Estimate estimate) in layer.Measures)
            {
                MemoryJson.WriteEstimate(json, JsonNamingPolicy.CamelCase.ConvertName(measure.ToString()), estimate);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>What was found of one memory: <c>neuron</c> and <c>poles</c>.</summary>
    /// <param name="json">Inside an object.</param>
    /// <param name="id">The memory.</param>
    /// <param name="lists">Its lists.</param>
    public static void Write(Utf8JsonWriter json, NeuronId id, IReadOnlyList<MemoryPatterns> lists)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(lists);
        json.WriteString("neuron", id.ToString());
        json.WriteStartArray("poles");
        foreach (MemoryPatterns list in lists)
        {
            json.WriteStartObject();
            json.WriteString("pole", MemoryJson.Name(list.Pole));
            json.WriteNumber("prefixes", list.Prefixes);
            json.WriteNumber("evidence", list.Evidence);
            MemoryJson.WriteNumber(json, "p", list.P);
            MemoryJson.WriteNumber(json, "q", list.Q);
            WriteArray(json, list);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary><c>patterns</c>: of each <c>class</c>, <c>kind</c>, <c>text</c>, <c>ranks</c> of the triggers that have it, <c>coverage</c>, <c>evidence</c>, <c>lift</c>, <c>score</c>, <c>p</c>, <c>q</c>.</summary>
    /// <param name="json">Inside an object.</param>
    /// <param name="list">The list.</param>
    public static void WriteArray(Utf8JsonWriter json, MemoryPatterns list)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(list);
        json.WriteStartArray("patterns");
        foreach (Pattern pattern in list.Patterns)
        {
            json.WriteStartObject();
            json.WriteString("class", PatternClasses.NameOf(pattern.Class));
            json.WriteString("kind", AnnotationText.Of(pattern.Kind));
            json.WriteString("text", pattern.Text);
            json.WriteStartArray("ranks");
            foreach (int rank in pattern.Ranks)
            {
                json.WriteNumberValue(rank);
            }

            json.WriteEndArray();
            json.WriteNumber("coverage", pattern.Ranks.Length);
            json.WriteNumber("evidence", pattern.Evidence);
            MemoryJson.WriteNumber(json, "lift", pattern.Lift);
            MemoryJson.WriteNumber(json, "score", pattern.Score);
            MemoryJson.WriteNumber(json, "p", pattern.P);
            MemoryJson.WriteNumber(json, "q", pattern.Q);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
