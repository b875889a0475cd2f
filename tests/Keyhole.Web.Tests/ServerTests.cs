using System.Net;
using System.Text.Json;
using Keyhole.Engine;
using Keyhole.Web.Serving;
using Xunit;

namespace Keyhole.Web.Tests;

public class ServerTests(WebFixture web)
{
    [Fact]
    public async Task The_study_is_summarised()
    {
        JsonElement study = await web.Get("/api/study");
        Assert.Equal("mini.study", study.GetProperty("name").GetString());
        Assert.Equal("opt", study.GetProperty("family").GetString());
        Assert.Equal(400, study.GetProperty("units").GetInt64());
        Assert.Equal("ready", study.GetProperty("model").GetString());
        Assert.Contains("values", study.GetProperty("sections").EnumerateArray().Select(section => section.GetString()));
    }

    [Theory]
    [InlineData("/", HttpStatusCode.OK)]
    [InlineData("/L3N12", HttpStatusCode.OK)]
    [InlineData("/prompt", HttpStatusCode.OK)]
    [InlineData("/claims", HttpStatusCode.OK)]
    [InlineData("/annotate/results", HttpStatusCode.OK)]
    [InlineData("/L3N12x", HttpStatusCode.NotFound)]
    [InlineData("/..%2f..%2fetc/passwd", HttpStatusCode.NotFound)]
    [InlineData("/js/../../mini.study", HttpStatusCode.NotFound)]
    public async Task Addresses_of_pages_give_the_shell(string path, HttpStatusCode status)
    {
        using HttpResponseMessage answer = await web.Client.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(SecurityHeaders.Policy, answer.Headers.GetValues("Content-Security-Policy").Single());
        Assert.DoesNotContain("unsafe", SecurityHeaders.Policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_of_pages_are_there_with_a_tag()
    {
        foreach (string path in PageFiles.Paths)
        {
            using HttpResponseMessage answer = await web.Client.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            using var again = new HttpRequestMessage(HttpMethod.Get, path);
            again.Headers.IfNoneMatch.Add(answer.Headers.ETag!);
            using HttpResponseMessage unchanged = await web.Client.SendAsync(again, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        }
    }

    [Fact]
    public async Task The_first_page_is_small()
    {
        long bytes = PageFiles.Paths.Where(path => !path.StartsWith("/vendor/", StringComparison.Ordinal)).Sum(path => (long)PageFiles.Find(path)!.Content.Length);
        Assert.True(bytes < 300_000, $"{bytes} bytes");
        using HttpResponseMessage answer = await web.Client.GetAsync("/", TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:80")]
    [InlineData("127.0.0.1:1")]
    [InlineData("localhost.evil.example")]
    public async Task A_foreign_host_is_refused(string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/study");
        request.Headers.Host = host;
        using HttpResponseMessage answer = await web.Client.SendAsync(request, TestContext.Current.CancellationToken);
        await WebFixture.Refused(answer, HttpStatusCode.MisdirectedRequest, "KH7002");
    }

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("null")]
    public async Task A_page_of_another_site_is_refused(string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/study");
        request.Headers.Add("Origin", origin);
        using HttpResponseMessage answer = await web.Client.SendAsync(request, TestContext.Current.CancellationToken);
        await WebFixture.Refused(answer, HttpStatusCode.Forbidden, "KH7003");
    }

    [Fact]
    public async Task Unknown_fields_and_addresses_are_refused()
    {
        using HttpResponseMessage field = await web.Client.GetAsync("/api/study?layr=3", TestContext.Current.CancellationToken);
        await WebFixture.Refused(field, HttpStatusCode.BadRequest, "KH7004");
        using HttpResponseMessage address = await web.Client.GetAsync("/api/nothing", TestContext.Current.CancellationToken);
        await WebFixture.Refused(address, HttpStatusCode.NotFound, "KH7010");
        using HttpResponseMessage method = await web.Client.PostAsync("/", WebFixture.Json("{}"), TestContext.Current.CancellationToken);
        await WebFixture.Refused(method, HttpStatusCode.MethodNotAllowed, "KH7010");
    }

    [Fact]
    public async Task The_document_describes_every_endpoint()
    {
        JsonElement document = await web.Get(Endpoints.Document);
        Assert.StartsWith("3.", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        foreach (JsonProperty path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (JsonProperty method in path.Value.EnumerateObject())
            {
                Assert.True(method.Value.TryGetProperty("summary", out JsonElement summary) && summary.GetString() is { Length: > 10 }, $"{method.Name} {path.Name} has no summary");
            }
        }

        Assert.True(document.GetProperty("paths").TryGetProperty("/api/study", out _));
    }

    [Fact]
    public async Task Beyond_the_loopback_a_token_is_required()
    {
        WebServer server = await web.Served.Serve(change: options => options with { Host = IPAddress.Any });
        string link = server.Address.ToString();
        Assert.Contains("?token=", link, StringComparison.Ordinal);
        var here = new Uri($"http://127.0.0.1:{server.Address.Port}/");
        using var client = new HttpClient { BaseAddress = here };
        using HttpResponseMessage without = await client.GetAsync("/api/study", TestContext.Current.CancellationToken);
        await WebFixture.Refused(without, HttpStatusCode.Unauthorized, "KH7006");
        using HttpResponseMessage wrong = await client.GetAsync("/?token=0123", TestContext.Current.CancellationToken);
        await WebFixture.Refused(wrong, HttpStatusCode.Unauthorized, "KH7006");
        using HttpResponseMessage first = await client.GetAsync("/" + server.Address.Query, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.DoesNotContain("token", first.RequestMessage!.RequestUri!.ToString(), StringComparison.Ordinal);
        using HttpResponseMessage then = await client.GetAsync("/api/study", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, then.StatusCode);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_refused()
    {
        InputRefusedException refused = await Assert.ThrowsAsync<InputRefusedException>(() => web.Served.Serve(change: options => options with { Port = web.Server.Address.Port }));
        Assert.Equal("KH7001", refused.Code);
    }

    [Fact]
    public async Task Without_its_model_a_study_is_shown()
    {
        string study = web.Served.Copy("without-model.study");
        WebServer server = await web.Served.Serve(study, options => options with { Model = Path.Combine(web.Served.PathOf("nowhere")) });
        await Assert.ThrowsAsync<InputRefusedException>(() => server.Models.Loaded);
        using HttpClient client = WebFixture.ClientOf(server);
        using HttpResponseMessage answer = await client.GetAsync("/api/study", TestContext.Current.CancellationToken);
        JsonElement summary = await WebFixture.Body(answer, HttpStatusCode.OK);
        Assert.Equal("refused", summary.GetProperty("model").GetString());
        string reason = summary.GetProperty("modelReason").GetString()!;
        Assert.Contains("nowhere", reason, StringComparison.Ordinal);
        Assert.DoesNotContain(Path.GetDirectoryName(web.Served.Study)!, reason, StringComparison.Ordinal);
    }
}
