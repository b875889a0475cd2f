using System.Net;
using System.Text.Json;
using Keyhole.Debugging;
using Keyhole.Engine.Models;
using Keyhole.Engine.Readouts;
using Keyhole.Engine.Tokens;
using Keyhole.Interventions;
using Keyhole.Memories;
using Keyhole.Mining;
using Keyhole.Studies;
using Keyhole.TestSupport.Web;
using Keyhole.Web.Prompts;
using Keyhole.Web.Serving;
using Xunit;

namespace Keyhole.Web.Tests.Prompts;

/// <summary>The prompt debugger's endpoints: what they answer is what the library finds, and what they refuse.</summary>
public class PromptTests(WebFixture web)
{
    private const string Text = "The old man sat down on the";

    [Fact]
    public async Task An_answer_is_what_the_debugger_finds()
    {
        string[] wishes = ["L3N637:off", "L2N31:max:1.5:last", "L1N7:quantile:0.999:2,4"];
        JsonElement answer = await web.Post("/api/prompt", new { text = Text, position = 5, token = "floor", top = 7, interventions = wishes });
        using Model model = Model.Open(ServedStudy.Model);
        using Study study = Study.Open(web.Served.Study);
        using var pass = new ForwardPass(model, new ForwardOptions { Threads = 1 });
        using var reader = new VocabularyReader(model, 1);
        Tokenizer tokenizer = TokenizerLoader.Load(ServedStudy.Model);
        PromptText prompt = PromptText.Of(Text, tokenizer, BosPolicy.Auto);
        DebuggedPrompt read = new PromptDebugger(model, pass, reader, new ValueNorms(model), study).Run(
            new PromptQuestion
            {
                Ids = prompt.Ids,
                Position = 5,
                Token = prompt.TokenAfter(5, "floor").Token,
                Top = 7,
                Interventions = [.. wishes.Select(wish => ResolvedIntervention.Of(Intervention.Parse(wish), model.Spec, id => study.Memory(id)!.Statistics))],
            },
            TestContext.Current.CancellationToken);
        Assert.Equal(prompt.Ids, Each(answer.GetProperty("tokens"), token => token.GetProperty("id").GetInt32()));
        Assert.Equal(read.Predictions.Select(next => next.Probability), Each(answer.GetProperty("tokens"), token => token.GetProperty("next").GetProperty("probability").GetDouble()));
        Assert.Equal((5, read.Chosen, " floor", false, false), (answer.GetProperty("position").GetInt32(), answer.GetProperty("chosen").GetProperty("id").GetInt32(),
            answer.GetProperty("chosen").GetProperty("text").GetString(), answer.GetProperty("chosen").GetProperty("isFinal").GetBoolean(), answer.GetProperty("chosen").GetProperty("isCut").GetBoolean()));
        Assert.Equal(read.Layers.Length, answer.GetProperty("layers").GetArrayLength());
        foreach ((DebuggedLayer layer, JsonElement got) in read.Layers.Zip(answer.GetProperty("layers").EnumerateArray()))
        {
            Assert.Equal(layer.Reading.Step.ToString().ToLowerInvariant(), got.GetProperty("step").GetString());
            foreach ((string name, ReadVector vector) in new[] { ("r", layer.Reading.R), ("y", layer.Reading.Y), ("o", layer.Reading.O) })
            {
                Same(vector, got.GetProperty(name));
            }

            Assert.Equal(layer.Memories.Select(memory => (memory.Id.ToString(), memory.Coefficient, memory.Share)),
                Each(got.GetProperty("memories"), memory => (memory.GetProperty("name").GetString()!, memory.GetProperty("coefficient").GetSingle(), memory.GetProperty("share").GetDouble())));
            Assert.Equal(layer.Memories.SelectMany(memory => memory.Tokens).Select(token => token.Token),
                got.GetProperty("memories").EnumerateArray().SelectMany(memory => Each(memory.GetProperty("tokens"), token => token.GetProperty("id").GetInt32())));
        }

        InterventionEffect effect = read.Effect!;
        JsonElement changed = answer.GetProperty("effect");
        Assert.Equal(effect.Divergence, changed.GetProperty("divergence").GetDouble());
        Assert.Equal(wishes, Each(changed.GetProperty("applied"), applied => applied.GetProperty("text").GetString()!));
        Assert.Equal(effect.Applied.Select(applied => (applied.Intervention.Value, applied.After)), Each(changed.GetProperty("applied"), applied => (applied.GetProperty("value").GetSingle(), (float?)applied.GetProperty("after").GetSingle())));
        Assert.Equal(effect.Tokens.Select(shift => (shift.Token, shift.Before, shift.After)), Each(changed.GetProperty("tokens"), shift => (shift.GetProperty("id").GetInt32(), shift.GetProperty("before").GetDouble(), shift.GetProperty("after").GetDouble())));
        foreach ((ReadLayer layer, JsonElement got) in effect.Layers.Zip(changed.GetProperty("layers").EnumerateArray()))
        {
            Same(layer.O, got.GetProperty("o"));
        }

        static void Same(ReadVector vector, JsonElement got)
        {
            Assert.Equal(vector.Top.Select(token => (token.Token, token.Probability)), Each(got.GetProperty("top"), token => (token.GetProperty("id").GetInt32(), token.GetProperty("probability").GetDouble())));
            Assert.Equal((vector.ChosenRank, vector.Chosen.Probability), (got.GetProperty("rank").GetDouble(), got.GetProperty("probability").GetDouble()));
        }
    }

    [Fact]
    public async Task Ids_are_as_good_as_their_text()
    {
        JsonElement text = await web.Post("/api/prompt", new { text = Text });
        int[] ids = Each(text.GetProperty("tokens"), token => token.GetProperty("id").GetInt32());
        JsonElement same = await web.Post("/api/prompt", new { ids, tokenId = text.GetProperty("chosen").GetProperty("id").GetInt32() });
        Assert.Equal(text.GetProperty("layers").GetRawText(), same.GetProperty("layers").GetRawText());
        Assert.Equal((ids.Length - 1, JsonValueKind.Null, "folded"), (text.GetProperty("position").GetInt32(), text.GetProperty("effect").ValueKind, text.GetProperty("readout").GetString()));
        Assert.True(text.GetProperty("chosen").GetProperty("isFinal").GetBoolean());
    }

    [Fact]
    public async Task Tokens_come_a_line_each()
    {
        string[] wishes = ["L9N11:add:30", "L8N5:set:20:last"];
        JsonElement[] lines = await Generate(new { text = Text, tokens = 6, interventions = wishes });
        Assert.Equal(7, lines.Length);
        Assert.Equal(Enumerable.Range(0, 6), lines[..6].Select(line => line.GetProperty("step").GetInt32()));
        JsonElement texts = lines[^1].GetProperty("texts");
        foreach (string side in (string[])["plain", "changed"])
        {
            Assert.Equal(string.Concat(lines[..6].Select(line => line.GetProperty(side).GetProperty("text").GetString())), texts.GetProperty(side).GetString());
        }

        JsonElement first = (await web.Post("/api/prompt", new { text = Text, interventions = wishes })).GetProperty("effect").GetProperty("output").GetProperty("top")[0];
        Assert.Equal((first.GetProperty("id").GetInt32(), first.GetProperty("probability").GetDouble()), (lines[0].GetProperty("changed").GetProperty("id").GetInt32(), lines[0].GetProperty("changed").GetProperty("probability").GetDouble()));

        JsonElement[] alone = await Generate(new { text = Text, position = 3, tokens = 2, temperature = 1.5, seed = 7 });
        Assert.Equal(JsonValueKind.Null, alone[0].GetProperty("changed").ValueKind);
        Assert.Equal(JsonValueKind.Null, alone[^1].GetProperty("texts").GetProperty("changed").ValueKind);
    }

    [Theory]
    [InlineData("""{}""", HttpStatusCode.BadRequest, "KH7108")]
    [InlineData("""{"text": "a", "ids": [1]}""", HttpStatusCode.BadRequest, "KH7108")]
    [InlineData("""{"text": 7}""", HttpStatusCode.BadRequest, "KH7004")]
    [InlineData("""{"text": "a", "postion": 1}""", HttpStatusCode.BadRequest, "KH7004")]
    [InlineData("""{"text": "a", "position": "first"}""", HttpStatusCode.BadRequest, "KH7004")]
    [InlineData("""{"text": "a", "position": 99}""", HttpStatusCode.BadRequest, "KH7108")]
    [InlineData("""{"text": "a", "position": -1}""", HttpStatusCode.BadRequest, "KH7108")]
    [InlineData("""{"text": "a", "top": 0}""", HttpStatusCode.BadRequest, "KH7108")]
    [InlineData("""{"text": "a", "top": 21}""", HttpStatusCode.BadRequest, "KH7108")]
    [InlineData("""{"text": "a", "token": "b", "tokenId": 3}""", HttpStatusCode.BadRequest, "KH7108")]
    [InlineData("""{"text": "a", "tokenId": 99999999}""", HttpStatusCode.BadRequest, "KH7108")]
    [InlineData("""{"text": "a", "tokenId": -1}""", HttpStatusCode.BadRequest, "KH7108")]
    [InlineData("""{"text": "a", "token": ""}""", HttpStatusCode.UnprocessableEntity, "KH7107")]
    [InlineData("""{"ids": []}""", HttpStatusCode.UnprocessableEntity, "KH7106")]
    [InlineData("""{"ids": [1, 99999999]}""", HttpStatusCode.UnprocessableEntity, "KH3007")]
    [InlineData("""{"ids": [-1]}""", HttpStatusCode.UnprocessableEntity, "KH3007")]
    [InlineData("""{"text": "a", "interventions": ["L0N0"]}""", HttpStatusCode.UnprocessableEntity, "KH7101")]
    [InlineData("""{"text": "a", "interventions": ["L99N0:off"]}""", HttpStatusCode.UnprocessableEntity, "KH7102")]
    [InlineData("""{"text": "a", "interventions": ["L0N0:min:2"]}""", HttpStatusCode.UnprocessableEntity, "KH7103")]
    [InlineData("""{"text": "a", "interventions": ["L0N0:off:77"]}""", HttpStatusCode.UnprocessableEntity, "KH7104")]
    [InlineData("""{"text": "a", "interventions": [null]}""", HttpStatusCode.BadRequest, "KH7108")]
    [InlineData("""{"text": "a", "interventions": "L0N0:off"}""", HttpStatusCode.BadRequest, "KH7004")]
    public async Task What_cannot_be_asked_is_refused(string body, HttpStatusCode status, string code)
    {
        using HttpResponseMessage answer = await web.Client.PostAsync("/api/prompt", WebFixture.Json(body), TestContext.Current.CancellationToken);
        await WebFixture.Refused(answer, status, code);
    }

    [Theory]
    [InlineData("""{"text": "a", "tokens": 0}""")]
    [InlineData("""{"text": "a", "tokens": 51}""")]
    [InlineData("""{"text": "a", "temperature": -1}""")]
    [InlineData("""{"text": "a", "temperature": 6}""")]
    [InlineData("""{"text": "a", "position": 5}""")]
    public async Task What_cannot_be_generated_is_refused(string body)
    {
        using HttpResponseMessage answer = await web.Client.PostAsync("/api/prompt/generate", WebFixture.Json(body), TestContext.Current.CancellationToken);
        await WebFixture.Refused(answer, HttpStatusCode.BadRequest, "KH7108");
    }

    [Fact]
    public async Task Too_much_is_refused()
    {
        foreach (object body in new object[]
        {
            new { text = new string('a', PromptLimits.Characters + 1) },
            new { text = string.Join(' ', Enumerable.Repeat("word", PromptLimits.Tokens + 1)) },
            new { ids = new int[PromptLimits.Tokens + 1] },
            new { text = "a", token = new string('a', PromptLimits.WordCharacters + 1) },
            new { text = "a", interventions = Enumerable.Repeat("L0N0:off", PromptLimits.Interventions + 1) },
            new { text = "a", interventions = new[] { "L0N0:off:" + new string('1', PromptLimits.InterventionCharacters) } },
        })
        {
            using HttpResponseMessage answer = await web.Client.PostAsync("/api/prompt", WebFixture.Json(body), TestContext.Current.CancellationToken);
            await WebFixture.Refused(answer, HttpStatusCode.BadRequest, "KH7108");
        }

        using HttpResponseMessage field = await web.Client.PostAsync("/api/prompt?text=a", WebFixture.Json(new { text = "a" }), TestContext.Current.CancellationToken);
        await WebFixture.Refused(field, HttpStatusCode.BadRequest, "KH7004");
    }

    [Fact]
    public async Task As_much_as_may_be_asked_is_answered()
    {
        int[] ids = [.. Enumerable.Range(0, PromptLimits.Tokens).Select(i => (i * 7) + 3)];
        using HttpResponseMessage answer = await web.Client.PostAsync("/api/prompt",
            WebFixture.Json(new { ids = ids[..Math.Min(ids.Length, Context())], top = PromptLimits.Top, interventions = Enumerable.Range(0, PromptLimits.Interventions).Select(i => new NeuronId(i % 10, i) + ":scale:-2") }), TestContext.Current.CancellationToken);
        JsonElement body = await WebFixture.Body(answer, HttpStatusCode.OK);
        Assert.Equal(PromptLimits.Interventions, body.GetProperty("effect").GetProperty("applied").GetArrayLength());
        Assert.Empty(web.Served.Faults);
    }

    [Fact]
    public async Task Whoever_goes_away_leaves_the_model_to_others()
    {
        using var gone = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/prompt/generate") { Content = WebFixture.Json(new { text = Text, tokens = 50, interventions = new[] { "L3N637:off" } }) };
        using HttpResponseMessage answer = await web.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, gone.Token);
        Assert.Equal(GenerationStream.ContentType, answer.Content.Headers.ContentType!.MediaType);
        await using (Stream lines = await answer.Content.ReadAsStreamAsync(gone.Token))
        {
            Assert.True(await lines.ReadAsync(new byte[10], gone.Token) > 0);
        }

        await gone.CancelAsync();
        _ = await web.Post("/api/prompt", new { text = Text });
        Assert.Empty(web.Served.Faults);
    }

    [Fact]
    public async Task Without_a_model_there_is_a_sentence()
    {
        WebServer server = await web.Served.Serve(change: options => options with { Model = web.Served.PathOf("nowhere") });
        await Record.ExceptionAsync(() => server.Models.Loaded);
        using HttpClient client = WebFixture.ClientOf(server);
        using HttpResponseMessage settings = await client.GetAsync("/api/prompt", TestContext.Current.CancellationToken);
        Assert.Equal("refused", (await WebFixture.Body(settings, HttpStatusCode.OK)).GetProperty("model").GetString());
        using HttpResponseMessage answer = await client.PostAsync("/api/prompt", WebFixture.Json(new { text = "a" }), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
    }

    private static int Context()
    {
        using Model model = Model.Open(ServedStudy.Model);
        return model.Spec.ContextLength;
    }

    private async Task<JsonElement[]> Generate(object body)
    {
        using HttpResponseMessage answer = await web.Client.PostAsync("/api/prompt/generate", WebFixture.Json(body), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    private static T[] Each<T>(JsonElement array, Func<JsonElement, T> read) => [.. array.EnumerateArray().Select(read)];
}
