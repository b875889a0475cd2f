using System.Text.Json;
using Keyhole.Exports;

namespace Keyhole.Features;

/// <summary>Results as JSON (docs/features.md).</summary>
public static class FeatureJson
{
    /// <summary>Writes <c>options</c>, <c>tasks</c> and <c>rows</c>; what is not a number is null.</summary>
    /// <param name="json">Inside an object.</param>
    /// <param name="result">The results.</param>
    public static void Write(Utf8JsonWriter json, FeatureResult result)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(result);
        MemoryJson.WriteOptions(json, result.Options);
        json.WriteStartArray("tasks");
        foreach (FeatureTask task in result.Tasks)
        {
            json.WriteStartObject();
            json.WriteString("name", task.Name);
            json.WriteNumber("positive", task.Positive);
            json.WriteNumber("negative", task.Negative);
            json.WriteNumber("training", task.Training);
            json.WriteNumber("heldOut", task.HeldOut);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("rows");
        foreach (FeatureRow row in result.Rows)
        {
            json.WriteStartObject();
            json.WriteNumber("layer", row.Layer);
            json.WriteString("source", FeatureTable.NameOf(row.Source));
            json.WriteString("measure", FeatureTable.NameOf(row.Measure));
            json.WriteString("task", row.Task);
            json.WriteNumber("k", row.K);
            MemoryJson.WriteNumber(json, "value", row.Estimate.Value);
            MemoryJson.WriteNumber(json, "lower", row.Estimate.Interval.Lower);
            MemoryJson.WriteNumber(json, "upper", row.Estimate.Interval.Upper);
            json.WriteNumber("n", row.Estimate.N);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
