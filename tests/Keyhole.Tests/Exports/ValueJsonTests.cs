using System.Text;
using System.Text.Json;
using Keyhole.Exports;
using Keyhole.Memories;
using Keyhole.Studies;
using Keyhole.Tests.Studies;
using Keyhole.Values;
using Xunit;

namespace Keyhole.Tests.Exports;

public sealed class ValueJsonTests : IDisposable
{
    private readonly SampleStudy _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void A_value_has_the_fields_of_its_pole()
    {
        ValueRecord value = Value(new ValuePole { Target = 4, TargetRank = 1.5, TargetProbability = 0.25, Agrees = false, AgreesWithCurrent = true, PrecisionTriggers = 4, PrecisionHits = 3 });
        Assert.Equal("""{"value":{"readout":"folded","argmax":9,"argmin":2,"maxProbability":0.5,"norm":0.1,"top":[{"id":9,"token":"</s>","logit":0.3},{"id":1,"token":"<1>","logit":0}],"bottom":[{"id":2,"token":"<2>","logit":-7.5}],"targetRank":1.5,"targetProbability":0.25,"agrees":false,"agreesWithCurrent":true,"precisionAt50":0.75}}""",
            Written(value, Pole.Positive));
    }

    [Fact]
    public void What_needs_a_trigger_is_null_without_one()
    {
        string empty = "\"targetRank\":null,\"targetProbability\":null,\"agrees\":null,\"agreesWithCurrent\":null,\"precisionAt50\":null}}";
        Assert.EndsWith(empty, Written(Value(ValuePole.None), Pole.Positive), StringComparison.Ordinal);
        Assert.EndsWith(empty, Written(Value(new ValuePole { Target = 1, TargetRank = 0, Agrees = true }), Pole.Negative), StringComparison.Ordinal);
    }

    private string Written(ValueRecord value, Pole pole)
    {
        using Study study = SmallStudies.Plain(_sample);
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, MemoryJson.Options))
        {
            json.WriteStartObject();
            ValueJson.WriteValue(json, study, value, pole, "folded");
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static ValueRecord Value(ValuePole positive) => new()
    {
        Id = new NeuronId(0, 0),
        Norm = 0.1f,
        MaxProbability = 0.5,
        LogSumExp = 1,
        Top = [new TokenLogit(9, 0.3f), new TokenLogit(1, 0)],
        Bottom = [new TokenLogit(2, -7.5f)],
        Positive = positive,
    };
}
