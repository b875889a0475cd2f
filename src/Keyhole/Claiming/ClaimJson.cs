using System.Text.Json;
using System.Text.Json.Serialization;
using Keyhole.Exports;
using Keyhole.Memories;
using Keyhole.Statistics;

namespace Keyhole.Claiming;

/// <summary>Tested claims as JSON: as the command prints them, and as a study keeps them (docs/formats/results.md).</summary>
public static class ClaimJson
{
    internal static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = new JsonTextEncoder(),
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new NumberConverter(), new IntervalConverter(), new MemoryConverter(), new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>Writes the members of a run into an object that is open.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="run">The run.</param>
    public static void Write(Utf8JsonWriter json, ClaimRun run)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(run);
        json.WritePropertyName("options");
        JsonSerializer.Serialize(json, run.Options, Options);
        json.WritePropertyName("claims");
        JsonSerializer.Serialize(json, run.Claims, Options);
    }

    // JSON has no NaN.
    private sealed class NumberConverter : FiniteDoubles
    {
        public override bool HandleNull => true;

        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();
    }

    // [lower, upper], or null.
    private sealed class IntervalConverter : JsonConverter<Interval>
    {
        public override bool HandleNull => true;

        public override Interval Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
            => JsonSerializer.Deserialize<double[]>(ref reader, options) switch
            {
                null => Interval.None,
                [double lower, double upper] => new Interval(lower, upper),
                _ => throw new JsonException("an interval has two ends"),
            };

        public override void Write(Utf8JsonWriter writer, Interval value, JsonSerializerOptions options)
            => JsonSerializer.Serialize(writer, double.IsFinite(value.Lower) && double.IsFinite(value.Upper) ? (double[])[value.Lower, value.Upper] : null, options);
    }

    private sealed class MemoryConverter : JsonConverter<NeuronId>
    {
        public override NeuronId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
            => NeuronId.TryParse(reader.GetString(), out NeuronId id) ? id : throw new JsonException("this names no memory");

        public override void Write(Utf8JsonWriter writer, NeuronId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
