using System.Collections.Immutable;
using System.Text.Json;
using Keyhole.Memories;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;
using Keyhole.Values;

namespace Keyhole.Exports;

/// <summary>The value of a memory in JSON, the same in <c>neurons.jsonl</c> and in <c>keyhole show --json</c>.</summary>
internal static class ValueJson
{
    private const string Default = "folded";

    /// <summary><c>value</c>: the value over the vocabulary, and beside the triggers of a pole. What needs a trigger is null without one.</summary>
    /// <param name="json">Stands inside the object of a pole.</param>
    /// <param name="study">Names the tokens.</param>
    /// <param name="value">The value.</param>
    /// <param name="pole">Whose triggers; on the negative pole argmin replaces argmax, and ranks count from the bottom.</param>
    /// <param name="readout">Name of the readout that all of the study's values have.</param>
    /// <exception cref="Keyhole.Engine.InputRefusedException">KH5105: the study is damaged.</exception>
    public static void WriteValue(Utf8JsonWriter json, Study study, ValueRecord value, Pole pole, string readout)
    {
        ValuePole triggers = value.Of(pole) ?? ValuePole.None;
        json.WriteStartObject("value");
        json.WriteString("readout", readout);
        json.WriteNumber("argmax", value.Argmax);
        json.WriteNumber("argmin", value.Argmin);
        MemoryJson.WriteNumber(json, "maxProbability", value.MaxProbability);
        MemoryJson.WriteNumber(json, "norm", value.Norm);
        WriteTokens(json, study, "top", value.Top);
        WriteTokens(json, study, "bottom", value.Bottom);
        MemoryJson.WriteNumber(json, "targetRank", triggers.TargetRank);
        MemoryJson.WriteNumber(json, "targetProbability", triggers.TargetProbability);
        WriteAnswer(json, "agrees", triggers.Agrees);
        WriteAnswer(json, "agreesWithCurrent", triggers.AgreesWithCurrent);
        MemoryJson.WriteNumber(json, "precisionAt50", triggers.Precision);
        json.WriteEndObject();
    }

    /// <summary>Name of the readout of a study's values.</summary>
    /// <exception cref="Keyhole.Engine.InputRefusedException">KH5105: the study is damaged.</exception>
    public static string ReadoutOf(Study study)
        => AnalysisSections.Read(study, AnalysisSections.Values)?.GetValueOrDefault("readout") ?? Default;

    private static void WriteTokens(Utf8JsonWriter json, Study study, string name, ImmutableArray<TokenLogit> tokens)
    {
        json.WriteStartArray(name);
        foreach (TokenLogit token in tokens)
        {
            json.WriteStartObject();
            json.WriteNumber("id", token.Token);
            json.WriteString("token", study.TokenPiece(token.Token));
            MemoryJson.WriteNumber(json, "logit", token.Logit);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteAnswer(Utf8JsonWriter json, string name, bool? answer)
    {
        if (answer is { } known)
        {
            json.WriteBoolean(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
