using System.Collections.Immutable;
using System.Text.Json;
using Keyhole.Memories;
using Keyhole.Statistics;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;

namespace Keyhole.Exports;

/// <summary>The fields of a memory in JSON, the same in <c>neurons.jsonl</c> and in <c>keyhole show --json</c>.</summary>
internal static class MemoryJson
{
    /// <summary>Shortest numbers that read back, text as it is but for what JSON must escape.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = new JsonTextEncoder() };

    /// <summary>The poles that memories of a model have.</summary>
    public static ReadOnlySpan<Pole> Poles(ModelShape shape) => shape.Gated ? [Pole.Positive, Pole.Negative] : [Pole.Positive];

    /// <summary>A pole's name in JSON.</summary>
    public static string Name(Pole pole) => PoleName.Of(pole);

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

    /// <summary><c>pole</c>, <c>triggers</c>, and where the study keeps examples beyond the top <c>topShare</c>, <c>quantiles</c> and <c>random</c>; with the positive pole <c>signCaseTriggers</c> where it keeps them.</summary>
    public static void WritePole(Utf8JsonWriter json, Study study, MemoryRecord memory, Pole pole)
    {
        json.WriteString("pole", Name(pole));
        WriteTriggers(json, "triggers", study, memory.Id, memory.Triggers(pole));
        if (SampleTable.Read(study, memory.Id) is { } sample)
        {
            WriteNumber(json, "topShare", memory.TopShare(pole));
            json.WriteStartArray("quantiles");
            foreach (ImmutableArray<Trigger> band in sample.BandsOf(pole))
            {
                WriteTriggers(json, name: null, study, memory.Id, band);
            }

            json.WriteEndArray();
            if (pole == Pole.Positive)   // the same for both
            {
                WriteTriggers(json, "random", study, memory.Id, SampleTable.AtRandom(study, sample), onlyCoefficients: true);
            }
        }

        if (pole == Pole.Positive && SignCaseTable.Read(study, memory.Id) is { } cases)
        {
            json.WriteStartObject("signCaseTriggers");
            foreach ((string name, ImmutableArray<Trigger> triggers) in cases)
            {
                WriteTriggers(json, name, study, memory.Id, triggers);
            }

            json.WriteEndObject();
        }
    }

    // An array of triggers; of random positions neither gate nor router's weight is kept, and m is null where the memory's expert was not chosen.
    private static void WriteTriggers(Utf8JsonWriter json, string? name, Study study, NeuronId id, ImmutableArray<Trigger> triggers, bool onlyCoefficients = false)
    {
        if (name is not null)
        {
            json.WritePropertyName(name);
        }

        json.WriteStartArray();
        foreach (Trigger trigger in triggers)
        {
            StudyUnit unit = study.UnitOf(id, trigger);
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
            if (study.Shape.Gated && !onlyCoefficients)
            {
                WriteNumber(json, "gate", trigger.Gate);
            }

            if (id.Expert >= 0 && !onlyCoefficients)
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

    /// <summary>Options as an object of strings.</summary>
    public static void WriteOptions(Utf8JsonWriter json, IReadOnlyDictionary<string, string> options)
    {
        json.WriteStartObject("options");
        foreach ((string name, string value) in options)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
    }

    /// <summary>A number with its interval as an object: <c>value</c>, <c>lower</c>, <c>upper</c>, <c>n</c>.</summary>
    public static void WriteEstimate(Utf8JsonWriter json, string name, Estimate estimate)
    {
        json.WriteStartObject(name);
        WriteNumber(json, "value", estimate.Value);
        WriteNumber(json, "lower", estimate.Interval.Lower);
        WriteNumber(json, "upper", estimate.Interval.Upper);
        json.WriteNumber("n", estimate.N);
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
