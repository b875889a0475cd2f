using System.Buffers.Binary;
using System.Net;
using System.Text.Json;
using Keyhole.Analyses;
using Keyhole.Composition;
using Keyhole.Corpora;
using Keyhole.Memories;
using Keyhole.Mining;
using Keyhole.Studies;
using Keyhole.TestSupport;
using Keyhole.Values;
using Keyhole.Web.Overview;
using Keyhole.Web.Serving;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Keyhole.Web.Tests.Overview;

/// <summary>The numbers of the layer strip are the study's own.</summary>
public class LayerTests(WebFixture web)
{
    [Fact]
    public async Task Every_statistic_is_the_study_s_own_number_in_the_study_s_order()
    {
        using Study study = Study.Open(web.Served.Study);
        IReadOnlyDictionary<NeuronId, ValueRecord> values = StudyAnalysis.Read(study).ValuesById!;
        MemoryRecord[] memories = [.. study.Memories()];
        var expected = new Dictionary<string, Func<MemoryRecord, double>>
        {
            ["kurtosis"] = memory => memory.Statistics.ExcessKurtosis,
            ["maxProbability"] = memory => values[memory.Id].MaxProbability,
            ["agreement"] = memory => values[memory.Id].Positive.Precision,
            ["active"] = memory => memory.Statistics.SharePositive,   // plain ReLU
            ["positive"] = memory => memory.Statistics.SharePositive,
            ["strength"] = memory => Math.Max(Math.Abs(memory.Statistics.Min), Math.Abs(memory.Statistics.Max)) * (double)values[memory.Id].Norm,
            ["coefficient"] = memory => Math.Max(Math.Abs(memory.Statistics.Min), Math.Abs(memory.Statistics.Max)),
            ["norm"] = memory => values[memory.Id].Norm,
            ["targetRank"] = memory => values[memory.Id].Positive.TargetRank,
            ["dead"] = memory => memory.Positive.Length + memory.Negative.Length == 0 ? 1 : 0,
        };
        JsonElement offered = await web.Get("/api/statistics");
        Assert.Equal(expected.Keys, offered.EnumerateArray().Select(statistic => statistic.GetProperty("name").GetString()));
        Assert.All(offered.EnumerateArray(), statistic => Assert.True(statistic.GetProperty("available").GetBoolean()));
        foreach ((string name, Func<MemoryRecord, double> of) in expected)
        {
            JsonElement answer = await web.Get($"/api/layers/{name}");
            float[] numbers = Numbers(answer);
            Assert.Equal(memories.Select(memory => (float)of(memory)), numbers);
            Assert.Equal(numbers.Count(float.IsNaN), answer.GetProperty("missing").GetInt32());
            Assert.Equal(study.Shape.Widths.Select((width, layer) => (layer, -1, width)), Blocks(answer));
            Assert.Equal(numbers.Where(float.IsFinite).Min(), answer.GetProperty("least").GetSingle());
            Assert.Equal(numbers.Where(float.IsFinite).Max(), answer.GetProperty("largest").GetSingle());
        }
    }

    [Fact]
    public async Task Colours_leave_one_in_a_hundred_at_each_end()
    {
        JsonElement answer = await web.Get("/api/layers/kurtosis");
        double[] sorted = [.. Numbers(answer).Where(float.IsFinite).Select(number => (double)number).Order()];
        Assert.Equal("asinh", answer.GetProperty("scale").GetString());
        Assert.InRange(sorted.Count(number => number < answer.GetProperty("low").GetDouble()), sorted.Length / 100 - 1, sorted.Length / 100 + 1);
        Assert.InRange(sorted.Count(number => number > answer.GetProperty("high").GetDouble()), sorted.Length / 100 - 1, sorted.Length / 100 + 1);
    }

    [Fact]
    public async Task Both_ends_are_in_order_and_of_their_layer()
    {
        using Study study = Study.Open(web.Served.Study);
        MemoryRecord[] layer = [.. study.Memories().Where(memory => memory.Id.Layer == 3)];
        JsonElement ends = await web.Get("/api/extremes/kurtosis?layer=3&limit=7");
        MemoryRecord[] known = [.. layer.Where(memory => double.IsFinite(memory.Statistics.ExcessKurtosis))];
        Assert.Equal(known.OrderByDescending(memory => (float)memory.Statistics.ExcessKurtosis).ThenBy(memory => memory.Id).Take(7).Select(memory => memory.Id.ToString()), Ids(ends, "top"));
        Assert.Equal(known.OrderBy(memory => (float)memory.Statistics.ExcessKurtosis).ThenBy(memory => memory.Id).Take(7).Select(memory => memory.Id.ToString()), Ids(ends, "bottom"));
        JsonElement first = ends.GetProperty("top")[0];
        NeuronId id = NeuronId.Parse(first.GetProperty("id").GetString()!);
        MemoryRecord memory = study.Memory(id)!;
        string prefix = TriggerText.Prefix(study.Unit(memory.Positive[0].Unit), memory.Positive[0].Position);
        Assert.EndsWith(first.GetProperty("prefix").GetString()!, prefix, StringComparison.Ordinal);
        Assert.Equal(StudyAnalysis.Read(study).ValuesById![id].Top.Take(4).Select(token => study.TokenPiece(token.Token)), first.GetProperty("tokens").EnumerateArray().Select(token => token.GetString()));
        Assert.Equal(10, (await web.Get("/api/extremes/norm")).GetProperty("bottom").GetArrayLength());
    }

    [Fact]
    public async Task Some_memories_of_experts_keep_their_names()
    {
        string model = TinyModel.Mixtral().Write(web.Served.PathOf("experts"));
        TinyTokenizer.Write(model);
        string corpus = web.Served.PathOf("experts.txt");
        await File.WriteAllTextAsync(corpus, "the cat sat on the mat\na dog ate the rat\n", TestContext.Current.CancellationToken);
        string path = web.Served.PathOf("experts.study");
        NeuronId[] chosen = [new(0, 7, 0), new(0, 8, 0), new(0, 7, 2), new(1, 39, 3)];
        using (var miner = new Miner(new MiningOptions { Model = model, Corpus = [corpus], Output = path, Unit = UnitKind.Line, Threads = 1, Neurons = chosen.ToHashSet() }))
        {
            miner.Run();
        }

        using Study study = Study.Open(path);
        MemoryNumbers numbers = MemoryNumbers.Read(study, TestContext.Current.CancellationToken);
        LayerStatistic statistic = LayerStatistic.Find("active")!;
        LayerAnswer answer = LayerNumbers.Of(numbers, statistic, numbers.Of(statistic)!);
        Assert.Equal([(0, 0, "7,8"), (0, 2, "7"), (1, 3, "39")], answer.Blocks.Select(block => (block.Layer, block.Expert, string.Join(',', block.Indices!))));
        Assert.Null(numbers.Of(LayerStatistic.Find("norm")!));

        // A gated layer's share comes from the histogram: within what a quarter of an octave about the threshold holds.
        foreach ((MemoryRecord memory, float share) in study.Memories().Zip(numbers.Of(statistic)!))
        {
            double threshold = TracedLayer.ActiveFraction * Math.Max(Math.Abs(memory.Statistics.Min), Math.Abs(memory.Statistics.Max));
            double Beyond(double edge) => memory.Statistics.Histogram.Index().Where(bin => Math.Max(Math.Abs(ActivationHistogram.Edges[bin.Index]), Math.Abs(ActivationHistogram.Edges[bin.Index + 1])) > edge).Sum(bin => (double)bin.Item)
                / memory.Statistics.Histogram.Sum(bin => (double)bin);
            Assert.InRange(share, Beyond(threshold * 1.3) - 1e-6, Beyond(threshold / 1.3) + 1e-6);
        }
    }

    [Fact]
    public async Task Answers_have_a_tag_that_annotations_leave_and_an_analysis_changes()
    {
        string path = web.Served.Copy("tags.study");
        WebServer server = await web.Served.Serve(path);
        using HttpClient client = WebFixture.ClientOf(server);
        using HttpResponseMessage first = await client.GetAsync("/api/layers/norm", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Execute(path, "CREATE TABLE another_one (x INTEGER); INSERT INTO another_one VALUES (1)");
        Assert.Equal(HttpStatusCode.NotModified, await Again());
        Execute(path, "UPDATE value SET norm = 3; UPDATE analysis SET options = '{\"readout\":\"raw\"}' WHERE section = 'values'");
        Assert.Equal(HttpStatusCode.OK, await Again());
        using HttpResponseMessage changed = await client.GetAsync("/api/layers/norm", TestContext.Current.CancellationToken);
        Assert.All(Numbers(await WebFixture.Body(changed, HttpStatusCode.OK)), number => Assert.Equal(3, number));

        async Task<HttpStatusCode> Again()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/layers/norm");
            request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
            using HttpResponseMessage answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task Without_values_what_needs_them_is_said()
    {
        string path = web.Served.Copy("without-values.study");
        Execute(path, "DROP TABLE value; DROP TABLE value_pole; DELETE FROM analysis");
        WebServer server = await web.Served.Serve(path);
        using HttpClient client = WebFixture.ClientOf(server);
        using HttpResponseMessage statistics = await client.GetAsync("/api/statistics", TestContext.Current.CancellationToken);
        Assert.Equal(["kurtosis", "active", "positive", "coefficient", "dead"], (await WebFixture.Body(statistics, HttpStatusCode.OK)).EnumerateArray()
            .Where(statistic => statistic.GetProperty("available").GetBoolean()).Select(statistic => statistic.GetProperty("name").GetString()));
        using HttpResponseMessage kurtosis = await client.GetAsync("/api/layers/kurtosis", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, kurtosis.StatusCode);
        using HttpResponseMessage norm = await client.GetAsync("/api/layers/norm", TestContext.Current.CancellationToken);
        Assert.Contains("keyhole analyze", await WebFixture.Refused(norm, HttpStatusCode.Conflict, "KH7401"), StringComparison.Ordinal);
        using HttpResponseMessage ends = await client.GetAsync("/api/extremes/coefficient", TestContext.Current.CancellationToken);
        Assert.Empty((await WebFixture.Body(ends, HttpStatusCode.OK)).GetProperty("top")[0].GetProperty("tokens").EnumerateArray());
        using HttpResponseMessage figures = await client.GetAsync("/api/figures", TestContext.Current.CancellationToken);
        JsonElement fourth = (await WebFixture.Body(figures, HttpStatusCode.OK)).GetProperty("figures").EnumerateArray().First(figure => figure.GetProperty("number").GetString() == "Fig. 4");
        Assert.Contains("not analysed", fourth.GetProperty("missing").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/layers/size", HttpStatusCode.NotFound, "KH7401")]
    [InlineData("/api/layers/%3Cscript%3E", HttpStatusCode.NotFound, "KH7401")]
    [InlineData("/api/layers/kurtosis?layer=1", HttpStatusCode.BadRequest, "KH7004")]
    [InlineData("/api/extremes/kurtosis?layer=10", HttpStatusCode.BadRequest, "KH7403")]
    [InlineData("/api/extremes/kurtosis?layer=-1", HttpStatusCode.BadRequest, "KH7403")]
    [InlineData("/api/extremes/kurtosis?layer=two", HttpStatusCode.BadRequest, "KH7004")]
    [InlineData("/api/extremes/kurtosis?limit=0", HttpStatusCode.BadRequest, "KH7403")]
    [InlineData("/api/extremes/kurtosis?limit=101", HttpStatusCode.BadRequest, "KH7403")]
    public async Task What_is_not_there_is_refused(string path, HttpStatusCode status, string code)
    {
        using HttpResponseMessage answer = await web.Client.GetAsync(path, TestContext.Current.CancellationToken);
        string sentence = await WebFixture.Refused(answer, status, code);
        Assert.DoesNotContain("script", sentence, StringComparison.Ordinal);
    }

    private static float[] Numbers(JsonElement answer)
    {
        byte[] bytes = answer.GetProperty("values").GetBytesFromBase64();
        return [.. Enumerable.Range(0, bytes.Length / 4).Select(i => BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(4 * i)))];
    }

    private static IEnumerable<(int, int, int)> Blocks(JsonElement answer) => answer.GetProperty("blocks").EnumerateArray()
        .Select(block => (block.GetProperty("layer").GetInt32(), block.GetProperty("expert").GetInt32(), block.GetProperty("count").GetInt32()));

    private static IEnumerable<string?> Ids(JsonElement ends, string end) => ends.GetProperty(end).EnumerateArray().Select(memory => memory.GetProperty("id").GetString());

    private static void Execute(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // the test's own text
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
