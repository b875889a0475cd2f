using System.Text.Json;
using Keyhole.Annotations;
using Keyhole.Memories;

namespace Keyhole.Exports;

/// <summary>Labels in JSON, the same wherever a memory is written.</summary>
public static class LabelJson
{
    /// <summary><c>shallow</c>, <c>syntactic</c> or <c>semantic</c>.</summary>
    /// <param name="kind">The kind.</param>
    public static string Name(PatternKind kind) => AnnotationText.Of(kind);

    /// <summary>The members of a label: <c>text</c>, <c>kind</c>, <c>annotator</c>, <c>blind</c> (whether it was given on a blind sheet) and there <c>labelPole</c>, <c>covered</c> of <c>prefixes</c>.</summary>
    /// <param name="json">Inside an object.</param>
    /// <param name="label">The label.</param>
    public static void Write(Utf8JsonWriter json, Label label)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(label);
        json.WriteString("text", label.Text);
        json.WriteString("kind", Name(label.Kind));
        json.WriteString("annotator", label.Annotator);
        json.WriteBoolean("blind", label.IsBlind);
        if (label.Pole is { } pole)
        {
            json.WriteString("labelPole", MemoryJson.Name(pole));
        }

        if (label.Covered is var (covered, prefixes))
        {
            json.WriteNumber("covered", covered);
            json.WriteNumber("prefixes", prefixes);
        }
    }

    /// <summary><c>labels</c>, where there are any: those of a pole, and those of none.</summary>
    internal static void WriteArray(Utf8JsonWriter json, IEnumerable<Label> labels, Pole? pole = null)
    {
        Label[] shown = [.. labels.Where(label => pole is null || label.Pole is null || label.Pole == pole)];
        if (shown.Length == 0)
        {
            return;
        }

        json.WriteStartArray("labels");
        foreach (Label label in shown)
        {
            json.WriteStartObject();
            Write(json, label);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
