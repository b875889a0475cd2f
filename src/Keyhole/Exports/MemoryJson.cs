using System.Text.Json;
using Keyhole.Memories;
using Keyhole.Studies;

namespace Keyhole.Exports;

/// <summary>The fields of a memory in JSON, the same in <c>neurons.jsonl</c> and in <c>keyhole show --json</c>.</summary>
internal static class MemoryJson
{
    /// <summary>Shortest numbers that read back, text as it is but for what JSON must escape.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = new JsonTextEncoder() };

    /// <summary>The poles that memories of a model have.</summary>
    public static ReadOnlySpan<Pole> Poles(ModelShape shape) => shape.Gated ? [Pole.Positive, Pole.Negative] : [Pole.Positive];

    /// <summary>A pole's name in JSON.</summary>
    public static string Name(Pole pole) => pole == Pole.Positive ? "positive" : "negative";

    /// <summary><c>layer</c>, <c>index</c> and, for mixtures of experts, <c>expert</c>.</summary>
    public static void WriteId(Utf8JsonWriter json, NeuronId id)
    {
        json.WriteNumber("layer", id.Layer);
        json.WriteNumber("index", id.Index);
        if (id.Expert >= 0)
        {
            json.WriteNumber("expert", id.Expert);
        }
    }

    /// <summary><c>pole</c> and <c>triggers</c>.</summary>
    public static void WritePole(Utf8JsonWriter json, Study study, MemoryRecord memory, Pole pole)
    {
        json.WriteString("pole", Name(pole));
        json.WriteStartArray("triggers");
        foreach (Trigger trigger in memory.Triggers(pole))
        {
            StudyUnit unit = study.UnitOf(memory.Id, trigger);
            json.WriteStartObject();
            json.WriteNumber("unit", trigger.Unit);
            json.WriteNumber("position", trigger.Position);
            WriteNumber(json, "coefficient", trigger.Coefficient);
            if (trigger.HasTarget)
            {
                json.WriteNumber("target", trigger.Target);
            }
            else
            {
                json.WriteNull("target");
            }

            json.WriteString("prefix", TriggerText.Prefix(unit, trigger.Position));
            json.WriteString("targetText", TriggerText.Target(unit, trigger, study.TokenPiece));
            if (study.Shape.Gated)
            {
                WriteNumber(json, "gate", trigger.Gate);
            }

            if (memory.Id.Expert >= 0)
            {
                WriteNumber(json, "routerWeight", trigger.RouterWeight);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary><c>statistics</c>.</summary>
    public static void WriteStatistics(Utf8JsonWriter json, NeuronStatistics statistics)
    {
        json.WriteStartObject("statistics");
        json.WriteNumber("n", statistics.Count);
        WriteNumber(json, "mean", statistics.Mean);
        WriteNumber(json, "variance", statistics.Variance);
        WriteNumber(json, "skewness", statistics.Skewness);
        WriteNumber(json, "excessKurtosis", statistics.ExcessKurtosis);
        WriteNumber(json, "min", statistics.Min);
        WriteNumber(json, "max", statistics.Max);
        WriteNumber(json, "sharePositive", statistics.SharePositive);
        if (statistics.SignCases is { } cases)
        {
            json.WriteStartObject("signCases");
            foreach ((string name, long count) in cases.Named())
            {
                WriteNumber(json, name, statistics.Count == 0 ? double.NaN : (double)count / statistics.Count);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>A number with the digits of its type, or null where it is NaN or infinite.</summary>
    public static void WriteNumber(Utf8JsonWriter json, string name, float value)
    {
        if (float.IsFinite(value))
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <summary>A number, or null where it is NaN or infinite.</summary>
    public static void WriteNumber(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
