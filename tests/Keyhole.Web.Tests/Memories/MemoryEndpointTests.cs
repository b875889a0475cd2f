using System.Net;
using System.Text.Json;
using Keyhole.Analyses;
using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Exports;
using Keyhole.Memories;
using Keyhole.Mining;
using Keyhole.Studies;
using Keyhole.TestSupport.Web;
using Keyhole.Values;
using Keyhole.Web.Serving;
using Xunit;
using EngineSite = Keyhole.Engine.Capture.Site;

namespace Keyhole.Web.Tests.Memories;

/// <summary>A memory's answers against the study and the engine.</summary>
public class MemoryEndpointTests(WebFixture web)
{
    [Theory]
    [InlineData("L0N0")]
    [InlineData("L7N17")]
    [InlineData("L9N1023")]
    public async Task A_memory_is_what_the_study_keeps(string id)
    {
        JsonElement memory = await web.Get($"/api/memories/{id}");
        using Study study = Study.Open(web.Served.Study);
        AssertSame(memory, study, NeuronId.Parse(id));
    }

    [Fact]
    public async Task Both_poles_of_a_gated_memory_are_there()
    {
        (string path, HttpClient client) = await Gated();
        using (client)
        {
            using Study study = Study.Open(path);
            foreach (string id in (string[])["L0N0", "L1N3", "L2N39"])
            {
                JsonElement memory = await Get(client, $"/api/memories/{id}");
                AssertSame(memory, study, NeuronId.Parse(id));
                Assert.Equal(10, memory.GetProperty("random").GetArrayLength());
                Assert.All(memory.GetProperty("poles").EnumerateArray(), pole => Assert.Equal(
                    SampleTable.Read(study, NeuronId.Parse(id))!.MiddlesOf(pole.GetProperty("name").GetString() == "positive" ? Pole.Positive : Pole.Negative).Select(middle => (middle.Band, middle.Example.Coefficient)),
                    pole.GetProperty("quantiles").EnumerateArray().Select(trigger => (trigger.GetProperty("rank").GetInt32(), trigger.GetProperty("coefficient").GetSingle()))));
                Assert.Equal(study.Memory(NeuronId.Parse(id))!.TopShare(Pole.Negative), memory.GetProperty("poles")[1].GetProperty("topShare").GetDouble());
                Assert.Equal(["positive", "negative"], memory.GetProperty("poles").EnumerateArray().Select(pole => pole.GetProperty("name").GetString()));
                foreach (JsonElement trigger in memory.GetProperty("poles").EnumerateArray().SelectMany(pole => pole.GetProperty("triggers").EnumerateArray()))
                {
                    float gate = trigger.GetProperty("gate").GetSingle();
                    float linear = trigger.GetProperty("coefficient").GetSingle() / (gate / (1 + MathF.Exp(-gate)));   // SiLU
                    Assert.Equal($"gate{(gate > 0 ? '+' : '-')}in{(linear > 0 ? '+' : '-')}", trigger.GetProperty("signs").GetString());
                }
            }
        }
    }

    [Fact]
    public async Task Memories_of_experts_have_their_names_and_weights()
    {
        (string path, string folder) = GatedStudy.Make(web.Served, "mixture", TestSupport.TinyModel.Mixtral(context: 160));
        WebServer server = await web.Served.Serve(path, options => options with { Model = folder });
        using HttpClient client = WebFixture.ClientOf(server);
        using Study study = Study.Open(path);
        var id = new NeuronId(1, 0, Expert: 2);
        JsonElement memory = await Get(client, "/api/memories/L1E2N0");
        AssertSame(memory, study, id);
        Assert.Equal(2, memory.GetProperty("expert").GetInt32());
        Assert.Equal("L1E1N39", memory.GetProperty("previous").GetString());
        Assert.Equal(study.Memory(id)!.Positive.Take(25).Select(trigger => trigger.RouterWeight), memory.GetProperty("poles")[0].GetProperty("triggers").EnumerateArray().Select(trigger => trigger.GetProperty("routerWeight").GetSingle()));

        StudyUnit unit = study.Unit(study.Memory(id)!.Positive[0].Unit);
        using HttpResponseMessage answer = await client.PostAsync("/api/memories/L1E2N0/coefficients", WebFixture.Json(new { texts = new[] { new { unit = unit.Index, from = 0, to = unit.Tokens.Length } } }), TestContext.Current.CancellationToken);
        float[] values = Floats((await WebFixture.Body(answer, HttpStatusCode.OK)).GetProperty("texts")[0].GetProperty("values"));
        using Model model = Model.Open(folder);
        using var pass = new ForwardPass(model, new ForwardOptions { Threads = 1 });
        Assert.Equal(Captured(pass, model.Spec, id, [.. unit.Tokens]), values);
        Assert.Contains(0, values);   // tokens whose router chose other experts
        Assert.All((await Get(client, "/api/memories/L1E2N0/nearest")).GetProperty("kinds").EnumerateArray(), kind => Assert.Equal(10, kind.GetProperty("memories").EnumerateArray().Count(near => near.GetProperty("inStudy").GetBoolean())));
        Assert.Equal(160, (await Get(client, "/api/memories/L1E2N0/layer")).GetProperty("memories").GetInt32());
        using HttpResponseMessage none = await client.GetAsync("/api/memories/L1N0", TestContext.Current.CancellationToken);
        Assert.Contains("L1E0N7", await WebFixture.Refused(none, HttpStatusCode.NotFound, "KH7201"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_whole_list_can_be_paged_through()
    {
        (string path, HttpClient client) = await Gated();
        using (client)
        {
            using Study study = Study.Open(path);
            foreach ((string pole, IReadOnlyList<Trigger> expected) in ((string, IReadOnlyList<Trigger>)[])[("positive", study.Memory(new NeuronId(1, 3))!.Positive), ("negative", study.Memory(new NeuronId(1, 3))!.Negative)])
            {
                List<(int, int, float)> read = [];
                for (int offset = 0; offset <= expected.Count; offset += 7)
                {
                    JsonElement page = await Get(client, $"/api/memories/L1N3/triggers?pole={pole}&offset={offset}&count=7");
                    Assert.Equal(expected.Count, page.GetProperty("total").GetInt32());
                    Assert.Equal(Enumerable.Range(offset, page.GetProperty("triggers").GetArrayLength()), page.GetProperty("triggers").EnumerateArray().Select(trigger => trigger.GetProperty("rank").GetInt32()));
                    read.AddRange(page.GetProperty("triggers").EnumerateArray().Select(Place));
                }

                Assert.True(expected.Count > 25);
                Assert.Equal(expected.Select(trigger => (trigger.Unit, trigger.Position, trigger.Coefficient)), read);
            }
        }
    }

    [Theory]
    [InlineData("L0N5")]
    [InlineData("L9N512")]
    public async Task Coefficients_are_those_of_a_capture(string id)
    {
        using Study study = Study.Open(web.Served.Study);
        MemoryRecord memory = study.Memory(NeuronId.Parse(id))!;
        StudyUnit[] units = [.. memory.Positive.Select(trigger => study.Unit(trigger.Unit)).DistinctBy(unit => unit.Index), study.Unit(399)];
        var request = new { texts = units.Select(unit => new { unit = unit.Index, from = unit.Tokens.Length / 3, to = unit.Tokens.Length - 1 }) };
        JsonElement first = await web.Post($"/api/memories/{id}/coefficients", request);
        JsonElement again = await web.Post($"/api/memories/{id}/coefficients", request);
        Assert.Equal(first.GetRawText(), again.GetRawText());
        JsonElement whole = await web.Post($"/api/memories/{id}/coefficients", new { texts = units.Select(unit => new { unit = unit.Index, from = 0, to = unit.Tokens.Length }) });
        using Model model = Model.Open(ServedStudy.Model);
        using var pass = new ForwardPass(model, new ForwardOptions { Threads = 1 });
        for (int i = 0; i < units.Length; i++)
        {
            float[] expected = Captured(pass, model.Spec, memory.Id, [.. units[i].Tokens]);
            Assert.Equal(expected, Floats(whole.GetProperty("texts")[i].GetProperty("values")));
            Assert.Equal(expected[(expected.Length / 3)..^1], Floats(first.GetProperty("texts")[i].GetProperty("values")));
        }

        Trigger best = memory.Positive[0];
        Assert.Equal(best.Coefficient, whole.GetProperty("texts").EnumerateArray().Single(text => text.GetProperty("unit").GetInt32() == best.Unit).GetProperty("values")[best.Position].GetSingle());
    }

    [Fact]
    public async Task An_own_text_is_run_as_a_text_of_the_study()
    {
        using Study study = Study.Open(web.Served.Study);
        StudyUnit unit = study.Unit(12);
        JsonElement own = await web.Post("/api/memories/L4N9/own", new { text = unit.Text });
        JsonElement stored = await web.Post("/api/memories/L4N9/coefficients", new { texts = new[] { new { unit = 12, from = 0, to = unit.Tokens.Length } } });
        Assert.Equal(unit.Tokens, own.GetProperty("ids").EnumerateArray().Select(token => token.GetInt32()));
        Assert.Equal(Floats(stored.GetProperty("texts")[0].GetProperty("values")), Floats(own.GetProperty("values")));
        Assert.Equal(unit.Text, string.Concat(own.GetProperty("tokens").EnumerateArray().Skip(1).Select(token => token.GetString())));
        JsonElement hostile = await web.Post("/api/memories/L4N9/own", new { text = "\0 \u202E<script>\uFEFF😀" });
        Assert.Equal("\0 \u202E<script>\uFEFF😀", string.Concat(hostile.GetProperty("tokens").EnumerateArray().Skip(1).Select(token => token.GetString())));
    }

    [Fact]
    public async Task The_place_in_the_layer_is_counted()
    {
        JsonElement layer = await web.Get("/api/memories/L6N100/layer");
        using Study study = Study.Open(web.Served.Study);
        MemoryRecord[] all = [.. study.Memories().Where(memory => memory.Id.Layer == 6)];
        Assert.Equal(all.Length, layer.GetProperty("memories").GetInt32());
        Assert.Equal(Share(all, memory => memory.Statistics.ExcessKurtosis), layer.GetProperty("percentiles").GetProperty("excessKurtosis").GetDouble(), 1e-12);
        Assert.Equal(Share(all, memory => memory.Statistics.Max), layer.GetProperty("percentiles").GetProperty("max").GetDouble(), 1e-12);
        LayerAgreement expected = StudyAnalysis.Read(study).Agreement!.Layers[6];
        JsonElement agreement = layer.GetProperty("agreement");
        Assert.Equal(expected.Agreement.Count, agreement.GetProperty("agreeing").GetInt64());
        Assert.Equal(expected.Agreement.Total, agreement.GetProperty("of").GetInt64());
        Assert.Equal(expected.Shuffled.Value, agreement.GetProperty("shuffled").GetDouble());
        Assert.Equal(expected.Shuffled.Interval.Upper, agreement.GetProperty("shuffledUpper").GetDouble());

        static double Share(MemoryRecord[] all, Func<MemoryRecord, double> of)
        {
            double own = of(all.Single(memory => memory.Id.Index == 100));
            double[] values = [.. all.Select(of).Where(double.IsFinite)];
            return (values.Count(value => value < own) + (values.Count(value => value == own) / 2.0)) / values.Length;
        }
    }

    [Fact]
    public async Task Controls_are_drawn_beyond_the_lists_and_computed()
    {
        JsonElement controls = await web.Get("/api/memories/L7N17/controls");
        Assert.Equal(JsonValueKind.Null, controls.GetProperty("missing").ValueKind);
        Assert.Equal(controls.GetRawText(), (await web.Get("/api/memories/L7N17/controls")).GetRawText());
        using Study study = Study.Open(web.Served.Study);
        MemoryRecord memory = study.Memory(new NeuronId(7, 17))!;
        using Model model = Model.Open(ServedStudy.Model);
        using var pass = new ForwardPass(model, new ForwardOptions { Threads = 1 });
        JsonElement[] groups = [.. controls.GetProperty("groups").EnumerateArray()];
        Assert.Equal(["last", "below", "random"], groups.Select(group => group.GetProperty("kind").GetString()));
        Assert.Equal(memory.Positive.TakeLast(8).Select(trigger => trigger.Coefficient), groups[0].GetProperty("texts").EnumerateArray().Select(text => text.GetProperty("coefficient").GetSingle()));
        foreach (JsonElement text in groups[1..].SelectMany(group => group.GetProperty("texts").EnumerateArray()))
        {
            StudyUnit unit = study.Unit(text.GetProperty("text").GetProperty("unit").GetInt32());
            Assert.DoesNotContain(memory.Positive, trigger => trigger.Unit == unit.Index);
            float[] all = Captured(pass, model.Spec, memory.Id, [.. unit.Tokens]);
            (int first, int end) = new MiningRules().Candidates(unit.Tokens.Length, startsWithBos: true);
            Assert.Equal(all[first..end].Max(), text.GetProperty("coefficient").GetSingle());   // ReLU: the largest is that of largest size
            Assert.True(text.GetProperty("coefficient").GetSingle() <= memory.Positive[^1].Coefficient);
            Assert.Equal(all, Floats(text.GetProperty("values")));
        }

        float[] below = [.. groups[1].GetProperty("texts").EnumerateArray().Select(text => text.GetProperty("coefficient").GetSingle())];
        Assert.Equal(below.OrderDescending(), below);
    }

    [Fact]
    public async Task The_nearest_have_their_tokens()
    {
        JsonElement nearest = await web.Get("/api/memories/L7N17/nearest");
        Assert.Equal(["key", "value"], nearest.GetProperty("kinds").EnumerateArray().Select(kind => kind.GetProperty("kind").GetString()));
        using Study study = Study.Open(web.Served.Study);
        foreach (JsonElement near in nearest.GetProperty("kinds").EnumerateArray().SelectMany(kind => kind.GetProperty("memories").EnumerateArray()))
        {
            Assert.True(near.GetProperty("inStudy").GetBoolean());
            JsonElement memory = await web.Get($"/api/memories/{near.GetProperty("id").GetString()}");
            Assert.Equal(memory.GetProperty("value").GetProperty("top").EnumerateArray().Take(4).Select(token => token.GetProperty("text").GetString()), near.GetProperty("tokens").EnumerateArray().Select(token => token.GetString()));
        }
    }

    [Fact]
    public async Task Memories_at_random_come_from_the_layer_asked_for()
    {
        HashSet<string> seen = [];
        for (int i = 0; i < 20; i++)
        {
            string id = (await web.Get("/api/memories/random?layer=3")).GetProperty("id").GetString()!;
            Assert.Equal(3, NeuronId.Parse(id).Layer);
            seen.Add(id);
        }

        Assert.True(seen.Count > 10);
        using HttpResponseMessage none = await web.Client.GetAsync("/api/memories/random?layer=99", TestContext.Current.CancellationToken);
        await WebFixture.Refused(none, HttpStatusCode.NotFound, "KH7201");
    }

    [Theory]
    [InlineData("/api/memories/L99N0", HttpStatusCode.NotFound, "KH7201")]
    [InlineData("/api/memories/L0N1024", HttpStatusCode.NotFound, "KH7201")]
    [InlineData("/api/memories/L0E1N5", HttpStatusCode.NotFound, "KH7201")]
    [InlineData("/api/memories/L99999999999N5", HttpStatusCode.NotFound, "KH7201")]
    [InlineData("/api/memories/%3Cscript%3E", HttpStatusCode.NotFound, "KH7201")]
    [InlineData("/api/memories/..%2F..%2Fetc", HttpStatusCode.NotFound, "KH7201")]
    [InlineData("/api/memories/L0N0'%20OR%201=1", HttpStatusCode.NotFound, "KH7201")]
    [InlineData("/api/memories/L0N0/triggers?pole=negative", HttpStatusCode.BadRequest, "KH7202")]
    [InlineData("/api/memories/L0N0/triggers?pole=both", HttpStatusCode.BadRequest, "KH7202")]
    [InlineData("/api/memories/L0N0/triggers?offset=-1", HttpStatusCode.BadRequest, "KH7202")]
    [InlineData("/api/memories/L0N0/triggers?count=0", HttpStatusCode.BadRequest, "KH7202")]
    [InlineData("/api/memories/L0N0/triggers?count=101", HttpStatusCode.BadRequest, "KH7202")]
    [InlineData("/api/memories/L0N0/triggers?offset=99999999999", HttpStatusCode.BadRequest, "KH7004")]
    [InlineData("/api/memories/L0N0?pole=positive", HttpStatusCode.BadRequest, "KH7004")]
    [InlineData("/api/memories/random?layer=x", HttpStatusCode.BadRequest, "KH7004")]
    [InlineData("/api/memories/random?layer=-1", HttpStatusCode.NotFound, "KH7201")]
    [InlineData("/api/memories/L5000N0/controls", HttpStatusCode.NotFound, "KH7201")]
    [InlineData("/api/memories/L5000N0/nearest", HttpStatusCode.NotFound, "KH7201")]
    [InlineData("/api/memories/L5000N0/layer", HttpStatusCode.NotFound, "KH7201")]
    public async Task What_cannot_be_asked_is_refused(string path, HttpStatusCode status, string code)
    {
        using HttpResponseMessage answer = await web.Client.GetAsync(path, TestContext.Current.CancellationToken);
        await WebFixture.Refused(answer, status, code);
    }

    [Theory]
    [InlineData("coefficients", """{"texts":[]}""", "KH7202")]
    [InlineData("coefficients", """{}""", "KH7202")]
    [InlineData("coefficients", """{"texts":null}""", "KH7202")]
    [InlineData("coefficients", """{"texts":[null]}""", "KH7203")]
    [InlineData("coefficients", """{"texts":[{"unit":400,"from":0,"to":1}]}""", "KH7203")]
    [InlineData("coefficients", """{"texts":[{"unit":-1,"from":0,"to":1}]}""", "KH7203")]
    [InlineData("coefficients", """{"texts":[{"unit":0,"from":0,"to":5000}]}""", "KH7203")]
    [InlineData("coefficients", """{"texts":[{"unit":0,"from":1,"to":1}]}""", "KH7203")]
    [InlineData("coefficients", """{"texts":[{"unit":0,"from":-2147483648,"to":2147483647}]}""", "KH7203")]
    [InlineData("coefficients", """{"texts":[{"unit":"0","from":0,"to":1}],"more":1}""", "KH7004")]
    [InlineData("coefficients", """[]""", "KH7004")]
    [InlineData("own", """{"text":5}""", "KH7004")]
    [InlineData("own", """{"text":"\ud800"}""", "KH7004")]
    public async Task Bodies_that_ask_for_nothing_known_are_refused(string endpoint, string body, string code)
    {
        using HttpResponseMessage answer = await web.Client.PostAsync($"/api/memories/L0N0/{endpoint}", WebFixture.Json(body), TestContext.Current.CancellationToken);
        await WebFixture.Refused(answer, HttpStatusCode.BadRequest, code);
    }

    [Fact]
    public async Task What_is_too_much_is_refused()
    {
        using HttpResponseMessage texts = await web.Client.PostAsync("/api/memories/L0N0/coefficients", WebFixture.Json(new { texts = Enumerable.Range(0, 201).Select(unit => new { unit, from = 0, to = 1 }) }), TestContext.Current.CancellationToken);
        await WebFixture.Refused(texts, HttpStatusCode.BadRequest, "KH7202");
        using HttpResponseMessage characters = await web.Client.PostAsync("/api/memories/L0N0/own", WebFixture.Json(new { text = new string('a', 2001) }), TestContext.Current.CancellationToken);
        await WebFixture.Refused(characters, HttpStatusCode.BadRequest, "KH7204");
        using HttpResponseMessage tokens = await web.Client.PostAsync("/api/memories/L0N0/own", WebFixture.Json(new { text = string.Concat(Enumerable.Repeat("q 9 ", 400)) }), TestContext.Current.CancellationToken);
        await WebFixture.Refused(tokens, HttpStatusCode.BadRequest, "KH7204");
        Assert.Empty((await web.Post("/api/memories/L0N0/own", new { text = string.Empty })).GetProperty("values").EnumerateArray().Skip(1));
    }

    [Fact]
    public async Task Without_the_model_what_is_stored_is_there()
    {
        string study = web.Served.Copy("memories-without-model.study");
        WebServer server = await web.Served.Serve(study, options => options with { Model = web.Served.PathOf("nowhere") });
        await Assert.ThrowsAsync<Engine.InputRefusedException>(() => server.Models.Loaded);
        using HttpClient client = WebFixture.ClientOf(server);
        foreach (string path in (string[])["", "/triggers", "/layer"])
        {
            Assert.Equal((await web.Get($"/api/memories/L7N17{path}")).GetRawText(), (await Get(client, $"/api/memories/L7N17{path}")).GetRawText());
        }

        JsonElement controls = await Get(client, "/api/memories/L7N17/controls");
        Assert.Contains("nowhere", controls.GetProperty("missing").GetString(), StringComparison.Ordinal);
        Assert.Equal(["last", "random"], controls.GetProperty("groups").EnumerateArray().Select(group => group.GetProperty("kind").GetString()));
        using HttpResponseMessage nearest = await client.GetAsync("/api/memories/L7N17/nearest", TestContext.Current.CancellationToken);
        Assert.False(nearest.IsSuccessStatusCode);
        using HttpResponseMessage own = await client.PostAsync("/api/memories/L7N17/own", WebFixture.Json(new { text = "a" }), TestContext.Current.CancellationToken);
        Assert.False(own.IsSuccessStatusCode);
    }

    private async Task<(string Study, HttpClient Client)> Gated()
    {
        (string study, string model) = web.Served.Gated;
        WebServer server = await web.Served.Serve(study, options => options with { Model = model });
        return (study, WebFixture.ClientOf(server));
    }

    private static async Task<JsonElement> Get(HttpClient client, string path)
    {
        using HttpResponseMessage answer = await client.GetAsync(path, TestContext.Current.CancellationToken);
        return await WebFixture.Body(answer, HttpStatusCode.OK);
    }

    private static (int Unit, int Position, float Coefficient) Place(JsonElement trigger)
        => (trigger.GetProperty("text").GetProperty("unit").GetInt32(), trigger.GetProperty("position").GetInt32(), trigger.GetProperty("coefficient").GetSingle());

    private static float[] Floats(JsonElement values) => [.. values.EnumerateArray().Select(value => value.GetSingle())];

    private static float[] Captured(ForwardPass pass, ModelSpec spec, NeuronId id, int[] text)
    {
        var capture = new SiteCapture(spec, text.Length, [SiteName.Of(EngineSite.MlpPost, id.Layer)]);
        pass.Run(TokenBatch.OfText(text), capture, TestContext.Current.CancellationToken);
        FeedForwardSpec layer = spec.Blocks[id.Layer].FeedForward;
        return [.. text.Select((_, row) => capture.Values(EngineSite.MlpPost, id.Layer)[(row * layer.MemoryCount) + layer.NumberOf(id)])];
    }

    private static void AssertSame(JsonElement memory, Study study, NeuronId id)
    {
        MemoryRecord record = study.Memory(id)!;
        NeuronId[] all = [.. study.Memories().Select(other => other.Id)];
        int at = Array.IndexOf(all, id);
        Assert.Equal(id.ToString(), memory.GetProperty("id").GetString());
        Assert.Equal(at == 0 ? null : all[at - 1].ToString(), memory.GetProperty("previous").GetString());
        Assert.Equal(at == all.Length - 1 ? null : all[at + 1].ToString(), memory.GetProperty("next").GetString());
        using var stream = new MemoryStream();
        MemoryDocument.Write(study, record, stream);   // what 'keyhole show --json' prints
        JsonElement shown = JsonDocument.Parse(stream.ToArray()).RootElement;
        foreach ((JsonElement pole, JsonElement expected) in memory.GetProperty("poles").EnumerateArray().Zip(shown.GetProperty("poles").EnumerateArray()))
        {
            Assert.Equal(expected.GetProperty("triggers").GetArrayLength(), pole.GetProperty("total").GetInt32());
            Assert.Equal(Math.Min(25, pole.GetProperty("total").GetInt32()), pole.GetProperty("triggers").GetArrayLength());
            foreach ((JsonElement trigger, JsonElement line) in pole.GetProperty("triggers").EnumerateArray().Zip(expected.GetProperty("triggers").EnumerateArray()))
            {
                Assert.Equal((line.GetProperty("unit").GetInt32(), line.GetProperty("position").GetInt32(), line.GetProperty("coefficient").GetSingle()), Place(trigger));
                Assert.Equal(line.GetProperty("targetText").GetString(), trigger.GetProperty("targetText").GetString());
                Assert.Equal(line.GetProperty("target").ToString(), trigger.GetProperty("target").ToString());
                JsonElement text = trigger.GetProperty("text");
                StudyUnit unit = study.Unit(line.GetProperty("unit").GetInt32());
                int bos = unit.Spans[0].IsEmpty ? 1 : 0;
                string[] tokens = [.. text.GetProperty("tokens").EnumerateArray().Select(token => token.GetString()!)];
                Assert.Equal(unit.Tokens.Length, tokens.Length);
                Assert.Equal(line.GetProperty("prefix").GetString(), string.Concat(tokens[bos..(line.GetProperty("position").GetInt32() + 1)]));
                Assert.Equal(unit.Text, string.Concat(tokens[bos..]));
            }

            JsonElement value = expected.GetProperty("value");
            Assert.Equal(value.GetProperty("targetRank").ToString(), pole.GetProperty("agreement").GetProperty("targetRank").ToString());
            Assert.Equal(value.GetProperty("agrees").ToString(), pole.GetProperty("agreement").GetProperty("agrees").ToString());
            Assert.Equal(value.GetProperty("top").EnumerateArray().Select(token => (token.GetProperty("id").GetInt32(), token.GetProperty("logit").GetSingle())),
                memory.GetProperty("value").GetProperty("top").EnumerateArray().Select(token => (token.GetProperty("id").GetInt32(), token.GetProperty("logit").GetSingle())));
            Assert.Equal(value.GetProperty("maxProbability").GetDouble(), memory.GetProperty("value").GetProperty("top")[0].GetProperty("probability").GetDouble(), 1e-6);
        }

        JsonElement statistics = memory.GetProperty("statistics");
        foreach (string name in (string[])["mean", "variance", "skewness", "excessKurtosis", "min", "max", "sharePositive"])
        {
            Assert.Equal(shown.GetProperty("statistics").GetProperty(name).ToString(), statistics.GetProperty(name).ToString());
        }

        Assert.Equal(shown.GetProperty("histogram").EnumerateArray().Select(bin => (bin.GetProperty("lower").ToString(), bin.GetProperty("count").GetInt64())),
            memory.GetProperty("histogram").GetProperty("bins").EnumerateArray().Select(bin => (bin.GetProperty("lower").ToString(), bin.GetProperty("count").GetInt64())));
        Assert.Equal(record.Statistics.Histogram.Sum(count => (long)count), memory.GetProperty("histogram").GetProperty("positions").GetInt64());
    }
}
