using System.Net;
using System.Text;
using System.Text.Json;
using Keyhole.Annotations;
using Keyhole.Studies;
using Xunit;

namespace Keyhole.Web.Tests.Annotating;

public class AnnotationTests(WebFixture web)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static readonly JsonSerializerOptions s_plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task A_project_is_made_annotated_and_taken_up_again()
    {
        using AnnotationServer server = await AnnotationServer.Start(web, "annotated.study");
        Assert.Equal(JsonValueKind.Null, (await server.Get("/api/annotate")).GetProperty("project").ValueKind);
        await server.Refused("/api/annotate/sheets?annotator=ana", null, HttpStatusCode.NotFound, "KH7303");
        JsonElement project = (await server.Create()).GetProperty("project");
        using (Study study = Study.Open(server.Study))
        {
            Assert.Equal(4 * study.Shape.Layers, project.GetProperty("sheets").GetInt32());
        }

        string[] ana = await server.Sheets("ana");
        Assert.Equal(ana, await server.Sheets(" ana "));
        Assert.NotEqual(ana, await server.Sheets("ben"));
        JsonElement first = await server.Sheet(ana[0], "ana");
        Assert.Equal((1, ana.Length, 0), (first.GetProperty("number").GetInt32(), first.GetProperty("of").GetInt32(), first.GetProperty("done").GetInt32()));
        Assert.Equal((JsonValueKind.Null, ana[1], JsonValueKind.Null), (first.GetProperty("previous").ValueKind, first.GetProperty("next").GetString(), first.GetProperty("annotation").ValueKind));
        Assert.Equal(5, first.GetProperty("prefixes").GetArrayLength());
        Assert.All(first.GetProperty("prefixes").EnumerateArray(), prefix => Assert.NotEmpty(prefix.GetProperty("last").GetString()!));

        string path = $"/api/annotate/sheets/{ana[0]}";
        Assert.Equal("saved", (await server.Post(path, AnnotationServer.Saving("ana", 1, prefixes: [0, 1]))).GetProperty("outcome").GetString());
        Assert.Equal("repeated", (await server.Post(path, AnnotationServer.Saving("ana", 1, prefixes: [0, 1]))).GetProperty("outcome").GetString());
        await server.Post(path, AnnotationServer.Saving("ana", 2, done: true, text: "größer", kind: "semantic", prefixes: [0, 1, 4]));
        string sentence = await server.Refused(path, AnnotationServer.Saving("ana", 2, key: "another", prefixes: [2]), HttpStatusCode.Conflict, "KH7301");
        Assert.Contains("another window", sentence, StringComparison.Ordinal);

        JsonElement again = (await server.Sheet(ana[0], "ana")).GetProperty("annotation");
        Assert.Equal((2, true, ""), (again.GetProperty("revision").GetInt32(), again.GetProperty("done").GetBoolean(), again.GetProperty("note").GetString()));
        Assert.Equal("""[{"text":"größer","kind":"semantic","prefixes":[0,1,4]}]""", Plain(again.GetProperty("patterns")));
        JsonElement states = (await server.Get("/api/annotate/sheets?annotator=ana")).GetProperty("sheets");
        Assert.Equal("done", states[0].GetProperty("state").GetString());
        Assert.Equal("new", states[1].GetProperty("state").GetString());
        Assert.Equal(ana[1], (await server.Sheet(ana[0], "ana")).GetProperty("nextOpen").GetString());
        Assert.Equal("""[{"name":"ana","begun":1,"done":1}]""", Plain((await server.Get("/api/annotate")).GetProperty("annotators")));
        await server.Refused("/api/annotate/project", new { perLayer = 1 }, HttpStatusCode.UnprocessableEntity, "KH5404");
    }

    [Fact]
    public async Task No_answer_before_the_results_tells_layer_memory_score_or_kind()
    {
        using AnnotationServer server = await AnnotationServer.Start(web, "blind.study");
        List<string> answers = [(await server.Create()).GetRawText(), (await server.Get("/api/annotate")).GetRawText()];
        string[] sheets = await server.Sheets("ana");
        JsonElement list = await server.Get("/api/annotate/sheets?annotator=ana");
        answers.Add(list.GetRawText());
        List<JsonElement> pages = [];
        foreach (string id in sheets)
        {
            pages.Add(await server.Sheet(id, "ana"));
            answers.Add((await server.Post($"/api/annotate/sheets/{id}", AnnotationServer.Saving("ana", 1, done: true, prefixes: [0, 1, 2]))).GetRawText());
        }

        // Only these members, whatever the sheet: none can name what it is.
        string[] members = ["annotation", "annotator", "done", "id", "next", "nextOpen", "number", "of", "prefixes", "previous"];
        Assert.All(pages, page => Assert.Equal(members, page.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal)));
        Assert.All(pages, page => Assert.All(page.GetProperty("prefixes").EnumerateArray(), prefix => Assert.Equal(["before", "last", "cut"], prefix.EnumerateObject().Select(member => member.Name))));
        Assert.All(list.GetProperty("sheets").EnumerateArray(), sheet => Assert.Equal(["id", "state"], sheet.EnumerateObject().Select(member => member.Name)));
        Assert.All(answers, answer => Assert.DoesNotMatch("(?i)\"(layer|neuron|index|memory|pole|kind|score|rank|coefficient|unit|position|opened\":\"|key)\"?", answer.Replace("\"kind\":\"shallow\"", "", StringComparison.Ordinal)));
        await server.Refused("/api/annotate/results", null, HttpStatusCode.Conflict, "KH7302");
        await server.Refused("/api/annotate/export", null, HttpStatusCode.Conflict, "KH7302");

        // What the study itself knows: neither orders nor ids nor orders within go with it.
        using (Study study = Study.Open(server.Study))
        {
            AnnotationProject project = AnnotationTable.Project(study)!;
            double[] layers = [.. sheets.Select(id => (double)project.Find(id)!.Layer)];
            Assert.NotEqual(layers.Order(), layers);
            Sheet[] kinds = [.. sheets.Select(id => project.Find(id)!)];
            Assert.True(kinds.Zip(kinds.Skip(1)).Count(pair => (pair.First.Kind == SheetKind.True) != (pair.Second.Kind == SheetKind.True)) >= 3, "true sheets and decoys stand apart");
            Sheet real = project.Sheets.First(sheet => sheet.Kind == SheetKind.True);
            JsonElement labels = await server.Get($"/api/annotate/labels?memory={real.Memory}");
            Assert.Empty(labels.GetProperty("labels").EnumerateArray());
        }

        await server.Post("/api/annotate/results", new { });
        JsonElement results = await server.Get("/api/annotate/results");
        Assert.Equal(sheets.Length, results.GetProperty("annotations").GetInt32());
        JsonElement named = results.GetProperty("sheets").EnumerateArray().First(sheet => sheet.GetProperty("kind").GetString() == "true");
        JsonElement shown = await server.Get($"/api/annotate/labels?memory={named.GetProperty("neuron").GetString()}");
        Assert.Equal("a pattern", shown.GetProperty("labels")[0].GetProperty("text").GetString());
        Assert.True(shown.GetProperty("labels")[0].GetProperty("blind").GetBoolean());
    }

    [Fact]
    public async Task Two_annotators_are_measured_and_travel_in_a_file()
    {
        using AnnotationServer server = await AnnotationServer.Start(web, "measured.study");
        string fresh = web.Served.Copy("imported.study");
        await server.Create();
        foreach (string annotator in (string[])["ana", "ben"])
        {
            foreach ((int number, string id) in (await server.Sheets("ana")).Index())
            {
                await server.Post($"/api/annotate/sheets/{id}", AnnotationServer.Saving(annotator, 1, done: true, kind: number % 2 == 0 ? "semantic" : "shallow", prefixes: number % 3 == 0 && annotator == "ben" ? [] : [0, 1, 2]));
            }
        }

        await server.Post("/api/annotate/results", new { });
        JsonElement results = await server.Get("/api/annotate/results");
        Assert.Equal(3, results.GetProperty("annotators").GetArrayLength());
        JsonElement covered = results.GetProperty("agreement")[0];
        Assert.Equal("prefix covered", covered.GetProperty("of").GetString());
        Assert.InRange(covered.GetProperty("alpha").GetProperty("value").GetDouble(), 0, 1);
        Assert.InRange(covered.GetProperty("pairs")[0].GetProperty("kappa").GetProperty("value").GetDouble(), 0, 1);

        string file = await server.Client.GetStringAsync("/api/annotate/export", Stop);
        using HttpClient other = WebFixture.ClientOf(await web.Served.Serve(fresh));
        using HttpResponseMessage imported = await other.PostAsync("/api/annotate/import", new StringContent(file, Encoding.UTF8, "application/x-ndjson"), Stop);
        JsonElement said = await WebFixture.Body(imported, HttpStatusCode.OK);
        Assert.Equal((true, results.GetProperty("annotations").GetInt32()), (said.GetProperty("madeProject").GetBoolean(), said.GetProperty("added").GetInt32()));
        Assert.Equal(file, await other.GetStringAsync("/api/annotate/export", Stop));
        using HttpResponseMessage refused = await other.PostAsync("/api/annotate/import", new StringContent(file.Replace("\"done\":true", "\"done\":2", StringComparison.Ordinal), Encoding.UTF8, "application/x-ndjson"), Stop);
        Assert.Contains("The file: line ", await WebFixture.Refused(refused, HttpStatusCode.UnprocessableEntity, "KH5410"), StringComparison.Ordinal);
        using var tooLarge = new HttpRequestMessage(HttpMethod.Post, "/api/annotate/import") { Content = new ByteArrayContent(new byte[(32 << 20) + 1]) };
        tooLarge.Headers.ExpectContinue = true;   // the answer comes before the body
        using HttpResponseMessage large = await other.SendAsync(tooLarge, Stop);
        await WebFixture.Refused(large, HttpStatusCode.RequestEntityTooLarge, "KH7005");
    }

    [Fact]
    public async Task Memories_get_free_labels_once_and_lose_them_again()
    {
        using AnnotationServer server = await AnnotationServer.Start(web, "labelled.study");
        object label = new { memory = "L1N31", annotator = "ana", text = " <b>rivers</b> ", kind = "semantic", key = "k1" };
        JsonElement one = (await server.Post("/api/annotate/labels", label)).GetProperty("labels");
        Assert.Equal(one.GetRawText(), (await server.Post("/api/annotate/labels", label)).GetProperty("labels").GetRawText());
        Assert.Equal("<b>rivers</b>", Assert.Single(one.EnumerateArray().ToArray()).GetProperty("text").GetString());
        JsonElement none = (await server.Post("/api/annotate/labels/remove", new { memory = "L1N31", number = one[0].GetProperty("number").GetInt64() })).GetProperty("labels");
        Assert.Empty(none.EnumerateArray());
        await server.Refused("/api/annotate/labels/remove", new { memory = "L1N31", number = 1 }, HttpStatusCode.NotFound, "KH7306");
        await server.Refused("/api/annotate/labels", new { memory = "L99N1", annotator = "ana", text = "x", kind = "semantic", key = "k2" }, HttpStatusCode.UnprocessableEntity, "KH5405");
        await server.Refused("/api/annotate/labels", new { memory = "seven", annotator = "ana", text = "x", kind = "semantic", key = "k2" }, HttpStatusCode.BadRequest, "KH7004");
        await server.Refused("/api/annotate/labels", new { memory = "L1N1", annotator = "ana", text = "x", kind = "loud", key = "k2" }, HttpStatusCode.BadRequest, "KH7004");
        await server.Refused("/api/annotate/labels", null, HttpStatusCode.BadRequest, "KH7004");
    }

    [Fact]
    public async Task Bad_saves_get_a_sentence_and_change_nothing()
    {
        using AnnotationServer server = await AnnotationServer.Start(web, "refused.study");
        await server.Create();
        string id = (await server.Sheets("ana"))[0];
        string path = $"/api/annotate/sheets/{id}";
        await server.Refused("/api/annotate/sheets", null, HttpStatusCode.UnprocessableEntity, "KH5403");
        await server.Refused($"{path}?annotator=%00", null, HttpStatusCode.UnprocessableEntity, "KH5403");
        await server.Refused("/api/annotate/sheets/0123?annotator=ana", null, HttpStatusCode.NotFound, "KH7303");
        await server.Refused("/api/annotate/sheets/0123", AnnotationServer.Saving("ana", 1), HttpStatusCode.NotFound, "KH7303");
        await server.Refused(path, AnnotationServer.Saving("", 1), HttpStatusCode.UnprocessableEntity, "KH5403");
        await server.Refused(path, AnnotationServer.Saving("ana", 1, prefixes: [5]), HttpStatusCode.UnprocessableEntity, "KH5403");
        await server.Refused(path, AnnotationServer.Saving("ana", 1, text: new string('x', 501)), HttpStatusCode.UnprocessableEntity, "KH5403");
        await server.Refused(path, AnnotationServer.Saving("ana", 1, kind: "x"), HttpStatusCode.BadRequest, "KH7004");
        await server.Refused(path, "{\"annotator\":\"ana\"}", HttpStatusCode.UnprocessableEntity, "KH5403");
        await server.Refused(path, "{\"annotator\":\"ana\",\"revision\":1,\"key\":\"k\",\"patterns\":[null],\"done\":false}", HttpStatusCode.BadRequest, "KH7004");
        await server.Refused(path, "{\"annotator\":3}", HttpStatusCode.BadRequest, "KH7004");
        await server.Refused(path, "{\"surprise\":3}", HttpStatusCode.BadRequest, "KH7004");
        await server.Refused(path, "[", HttpStatusCode.BadRequest, "KH7004");
        await server.Refused(path, $"{{\"note\":\"{new string('x', 1 << 20)}\"}}", HttpStatusCode.RequestEntityTooLarge, "KH7005");
        await server.Refused("/api/annotate/project", new { perLayer = -1 }, HttpStatusCode.UnprocessableEntity, "KH5401");
        await server.Refused("/api/annotate/project", new { seed = "-1" }, HttpStatusCode.BadRequest, "KH7004");
        await server.Refused("/api/annotate/project", new { layers = new[] { 77 } }, HttpStatusCode.UnprocessableEntity, "KH5401");
        Assert.Empty((await server.Get("/api/annotate")).GetProperty("annotators").EnumerateArray());
    }

    [Fact]
    public async Task A_study_that_cannot_be_written_says_so_without_its_folder()
    {
        using AnnotationServer server = await AnnotationServer.Start(web, "unwritable.study");
        await server.Create();
        string id = (await server.Sheets("ana"))[0];
        Directory.CreateDirectory(server.Study + "-journal");   // where SQLite would keep the old pages: stops a writer, even one who may write anything
        string sentence = await server.Refused($"/api/annotate/sheets/{id}", AnnotationServer.Saving("ana", 1), HttpStatusCode.Conflict, "KH5112");
        Assert.Contains("could not be written", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain(Path.GetDirectoryName(server.Study)!, sentence, StringComparison.Ordinal);
        Directory.Delete(server.Study + "-journal");
        Assert.Equal(5, (await server.Sheet(id, "ana")).GetProperty("prefixes").GetArrayLength());
        await server.Post($"/api/annotate/sheets/{id}", AnnotationServer.Saving("ana", 1));
    }

    [Fact]
    public async Task Annotators_who_open_the_same_tab_twice_are_told()
    {
        using AnnotationServer server = await AnnotationServer.Start(web, "tabs.study");
        await server.Create();
        string path = $"/api/annotate/sheets/{(await server.Sheets("ana"))[0]}";
        HttpStatusCode[] both = await Task.WhenAll(Enumerable.Range(0, 2).Select(async tab =>
        {
            using HttpResponseMessage answer = await server.Client.PostAsync(path, WebFixture.Json(AnnotationServer.Saving("ana", 1, key: $"tab{tab}")), Stop);
            return answer.StatusCode;
        }));
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Conflict], both.Order());
    }

    private static string Plain(JsonElement element) => JsonSerializer.Serialize(element, s_plain);
}
