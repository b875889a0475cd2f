using System.Text.Json;
using Keyhole.Annotations;
using Keyhole.Patterns;

namespace Keyhole.Exports;

/// <summary>Patterns in JSON, the same wherever a memory is written.</summary>
public static class PatternJson
{
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
