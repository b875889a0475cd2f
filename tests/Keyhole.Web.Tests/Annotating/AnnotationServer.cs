using System.Net;
using System.Text.Json;
using Keyhole.Web.Serving;
using Xunit;

namespace Keyhole.Web.Tests.Annotating;

/// <summary>A server of a study of its own, and what an annotator's page asks of it.</summary>
internal sealed class AnnotationServer : IDisposable
{
    private AnnotationServer(WebServer server, string study)
    {
        Study = study;
        Client = WebFixture.ClientOf(server);
    }

    public string Study { get; }

    public HttpClient Client { get; }

    public static async Task<AnnotationServer> Start(WebFixture web, string name)
    {
        string study = web.Served.Copy(name);
        return new AnnotationServer(await web.Served.Serve(study), study);
    }

    /// <summary>A small project: 2 memories and 2 decoys of 5 prefixes in every layer.</summary>
    public Task<JsonElement> Create() => Post("/api/annotate/project", new { perLayer = 2, decoys = 2, prefixes = 5, seed = "7" });

    public async Task<string[]> Sheets(string annotator)
        => [.. (await Get($"/api/annotate/sheets?annotator={Uri.EscapeDataString(annotator)}")).GetProperty("sheets").EnumerateArray().Select(sheet => sheet.GetProperty("id").GetString()!)];

    public Task<JsonElement> Sheet(string id, string annotator) => Get($"/api/annotate/sheets/{id}?annotator={Uri.EscapeDataString(annotator)}");

    public static object Saving(string annotator, int revision, string? key = null, bool done = false, string text = "a pattern", string kind = "shallow", params int[] prefixes)
        => new { annotator, revision, key = key ?? $"{revision}", patterns = new[] { new { text, kind, prefixes } }, note = "", done };

    public async Task<JsonElement> Get(string path)
    {
        using HttpResponseMessage answer = await Client.GetAsync(path, TestContext.Current.CancellationToken);
        return await WebFixture.Body(answer, HttpStatusCode.OK);
    }

    public async Task<JsonElement> Post(string path, object body)
    {
        using HttpResponseMessage answer = await Client.PostAsync(path, WebFixture.Json(body), TestContext.Current.CancellationToken);
        return await WebFixture.Body(answer, HttpStatusCode.OK);
    }

    public async Task<string> Refused(string path, object? body, HttpStatusCode status, string code)
    {
        using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, path) { Content = body is null ? null : WebFixture.Json(body) };
        request.Headers.ExpectContinue = body is not null;   // what is refused for its size is refused before it comes
        using HttpResponseMessage answer = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        return await WebFixture.Refused(answer, status, code);
    }

    public void Dispose() => Client.Dispose();
}
