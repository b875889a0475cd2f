using System.Text;
using System.Text.Json;
using Keyhole.Engine;
using Keyhole.Statistics.Kits;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Tests.Statistics.Kits;

public sealed class KitFileTests : IDisposable
{
    private static readonly string[] s_inputs = ["kind", "name", "values", "score", "label", "threshold", "successes", "trials", "p", "first", "second", "x", "y", "dimension", "probability"];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("moments.json", 7)]
    [InlineData("detectors.json", 5)]
    [InlineData("wilson.json", 7)]
    [InlineData("benjamini-hochberg.json", 3)]
    [InlineData("annotators.json", 4)]
    [InlineData("linear-cka.json", 2)]
    [InlineData("random-cosine.json", 3)]
    [InlineData("logistic.json", 1)]
    public void Cases_of_other_software_are_answered_alike(string file, int count)
        => Compare(Path.Combine(SharedData.Repository, "tests", "Keyhole.Tests", "Golden", "statistics", file), count);

    [Fact]
    public void The_whole_kit_is_answered_alike() => Compare(SharedData.Require("conformance", "statistics", "cases.json"), 32);

    [Fact]
    public void Only_inputs_are_used()
    {
        string path = Path.Combine(SharedData.Repository, "tests", "Keyhole.Tests", "Golden", "statistics", "detectors.json");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        string bare = JsonSerializer.Serialize(new
        {
            cases = document.RootElement.GetProperty("cases").EnumerateArray().Select(one => one.EnumerateObject().Where(member => s_inputs.Contains(member.Name)).ToDictionary(member => member.Name, member => member.Value)),
        });
        Assert.Equal(Answer(File.ReadAllText(path)).GetRawText(), Answer(bare).GetRawText());
    }

    [Theory]
    [InlineData("""{"kind":"moments","values":[]}""", """{"kind":"moments","mean":null,"variance":null,"skewness":null,"excess_kurtosis":null,"quantiles":{"0.0":null,"0.01":null,"0.25":null,"0.5":null,"0.75":null,"0.99":null,"1.0":null}}""")]
    [InlineData("""{"kind":"moments","name":"one","values":[3]}""", """{"kind":"moments","name":"one","mean":3,"variance":0,"skewness":null,"excess_kurtosis":null,"quantiles":{"0.0":3,"0.01":3,"0.25":3,"0.5":3,"0.75":3,"0.99":3,"1.0":3}}""")]
    [InlineData("""{"kind":"detector","score":[1,2],"label":[false,false],"threshold":1}""", """{"kind":"detector","tp":0,"fp":1,"fn":0,"tn":1,"precision":0,"recall":null,"f1":0,"phi":null,"auroc":null,"average_precision":null,"mutual_information_nats":0,"fisher_exact_p_two_sided":1}""")]
    [InlineData("""{"kind":"detector","score":[2,2],"label":[1,0],"threshold":2}""", """{"kind":"detector","tp":0,"fp":0,"fn":1,"tn":1,"precision":null,"recall":0,"f1":0,"phi":null,"auroc":0.5,"average_precision":0.5,"mutual_information_nats":0,"fisher_exact_p_two_sided":1}""")]
    [InlineData("""{"kind":"wilson95","successes":0,"trials":0}""", """{"kind":"wilson95","low":null,"high":null}""")]
    [InlineData("""{"kind":"benjamini_hochberg","p":[]}""", """{"kind":"benjamini_hochberg","adjusted":[],"rejected_at_0_05":[]}""")]
    [InlineData("""{"kind":"benjamini_hochberg","p":[0,1,null]}""", """{"kind":"benjamini_hochberg","adjusted":[0,1,null],"rejected_at_0_05":[true,false,false]}""")]
    [InlineData("""{"kind":"annotators","first":["a",1,null,true],"second":["a",1.0,"b",true]}""", """{"kind":"annotators","cohen_kappa_complete_pairs":1,"krippendorff_alpha_nominal":1}""")]
    [InlineData("""{"kind":"annotators","first":["a","a"],"second":["a",null]}""", """{"kind":"annotators","cohen_kappa_complete_pairs":null,"krippendorff_alpha_nominal":null}""")]
    [InlineData("""{"kind":"linear_cka","x":[[1],[1]],"y":[[1,2],[3,4]]}""", """{"kind":"linear_cka","value":null}""")]
    [InlineData("""{"kind":"random_cosine_quantile","dimension":3,"probability":[0,0.5,1]}""", """{"kind":"random_cosine_quantile","cosine":[-1,0,1]}""")]
    [InlineData("""{"kind":"logistic_l2_c1","x":[[1],[2]],"y":[1,1]}""", """{"kind":"logistic_l2_c1","coefficients":null,"intercept":null}""")]
    public void Where_a_measure_is_not_defined_it_is_null(string one, string expected)
    {
        JsonElement answer = Answer($$"""{"cases":[{{one}}]}""").GetProperty("cases")[0];
        Assert.Equal(expected, JsonSerializer.Serialize(answer));
    }

    [Theory]
    [InlineData("", "KH7601")]
    [InlineData("[]", "KH7601")]
    [InlineData("""{"cases":{}}""", "KH7601")]
    [InlineData("""{"cases":[],"cases":[]}""", "KH7601")]
    [InlineData("""{"cases":[{"kind":"moments","values":[NaN]}]}""", "KH7601")]
    [InlineData("""{"cases":[3]}""", "case 0: it is no object")]
    [InlineData("""{"cases":[{"values":[1]}]}""", "case 0: 'kind': a text is expected")]
    [InlineData("""{"cases":[{"kind":"kurtosis"}]}""", "case 0 (kurtosis): its kind is not known")]
    [InlineData("""{"cases":[{"kind":"moments","values":[1]},{"kind":"moments","values":[1,null]}]}""", "case 1 (moments): 'values[1]': a finite number is expected")]
    [InlineData("""{"cases":[{"kind":"moments","values":[1e999]}]}""", "'values[0]': a finite number is expected")]
    [InlineData("""{"cases":[{"kind":"moments"}]}""", "'values': a list is expected")]
    [InlineData("""{"cases":[{"kind":"detector","score":[1],"label":[1,0],"threshold":0}]}""", "'score' has 1 entries and 'label' has 2")]
    [InlineData("""{"cases":[{"kind":"detector","score":[1],"label":[2],"threshold":0}]}""", "'label[0]': 1 or 0, or true or false, is expected")]
    [InlineData("""{"cases":[{"kind":"detector","score":[1],"label":[1]}]}""", "'threshold': a finite number is expected")]
    [InlineData("""{"cases":[{"kind":"wilson95","successes":3,"trials":2}]}""", "'successes' is 3, more than the 2 trials")]
    [InlineData("""{"cases":[{"kind":"wilson95","successes":0.5,"trials":2}]}""", "'successes': a whole number from 0 is expected")]
    [InlineData("""{"cases":[{"kind":"benjamini_hochberg","p":[0.5,1.5]}]}""", "'p[1]': a number between 0 and 1 is expected")]
    [InlineData("""{"cases":[{"kind":"annotators","first":[[1]],"second":[1]}]}""", "'first[0]': a text, a number, or null")]
    [InlineData("""{"cases":[{"kind":"annotators","first":["\ud800"],"second":[1]}]}""", "'first[0]': it holds escapes that are no text")]
    [InlineData("""{"cases":[{"kind":"linear_cka","x":[[1,2],[3]],"y":[[1],[2]]}]}""", "'x[1]': a list of 2 numbers is expected")]
    [InlineData("""{"cases":[{"kind":"linear_cka","x":[[1]],"y":[[1],[2]]}]}""", "'x' has 1 entries and 'y' has 2")]
    [InlineData("""{"cases":[{"kind":"random_cosine_quantile","dimension":0,"probability":[0.5]}]}""", "'dimension': a whole number from 1 is expected")]
    [InlineData("""{"cases":[{"kind":"logistic_l2_c1","x":[["1"]],"y":[1]}]}""", "'x[0][0]': a finite number is expected")]
    public void What_is_no_kit_is_refused_with_the_case_and_the_field(string text, string sentence)
    {
        InputRefusedException refused = Assert.Throws<InputRefusedException>(() => Answer(text));
        Assert.Contains(sentence, $"{refused.Code}: {refused.Message}", StringComparison.Ordinal);
        Assert.True(refused.Code is "KH7601" or "KH7602");
    }

    private static void Compare(string path, int count)
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(path));
        JsonElement expected = golden.RootElement.GetProperty("cases");
        JsonElement actual = AnswerFile(path).GetProperty("cases");
        Assert.Equal((count, count), (expected.GetArrayLength(), actual.GetArrayLength()));
        foreach ((JsonElement theirs, JsonElement ours) in expected.EnumerateArray().Zip(actual.EnumerateArray()))
        {
            string kind = theirs.GetProperty("kind").GetString()!;
            foreach (JsonProperty member in theirs.EnumerateObject().Where(member => !s_inputs.Contains(member.Name)))
            {
                RequireEqual(member.Value, ours.GetProperty(member.Name), kind.StartsWith("logistic", StringComparison.Ordinal) ? 1e-5 : 1e-6, $"{kind} {member.Name}");
            }
        }
    }

    private static void RequireEqual(JsonElement expected, JsonElement actual, double tolerance, string where)
    {
        Assert.True(expected.ValueKind == actual.ValueKind, $"{where}: {actual.ValueKind}, not {expected.ValueKind}");
        switch (expected.ValueKind)
        {
            case JsonValueKind.Number:
                Assert.True(Math.Abs(expected.GetDouble() - actual.GetDouble()) <= tolerance, $"{where}: {actual}, not {expected}");
                break;
            case JsonValueKind.Array:
                Assert.Equal(expected.GetArrayLength(), actual.GetArrayLength());
                foreach ((JsonElement theirs, JsonElement ours) in expected.EnumerateArray().Zip(actual.EnumerateArray()))
                {
                    RequireEqual(theirs, ours, tolerance, where);
                }

                break;
            case JsonValueKind.Object:
                Assert.Equal(expected.EnumerateObject().Select(member => member.Name), actual.EnumerateObject().Select(member => member.Name));
                foreach (JsonProperty member in expected.EnumerateObject())
                {
                    RequireEqual(member.Value, actual.GetProperty(member.Name), tolerance, $"{where} {member.Name}");
                }

                break;
            default:
                Assert.Equal(expected.GetRawText(), actual.GetRawText());
                break;
        }
    }

    private JsonElement Answer(string text) => AnswerFile(_folder.Write("cases.json", text));

    private static JsonElement AnswerFile(string path)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            KitFile.Answer(path, json, TestContext.Current.CancellationToken);
        }

        using JsonDocument document = JsonDocument.Parse(Encoding.UTF8.GetString(stream.ToArray()));
        return document.RootElement.Clone();
    }
}
