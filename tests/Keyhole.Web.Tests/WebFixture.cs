using System.Net;
using System.Text;
using System.Text.Json;
using Keyhole.TestSupport.Web;
using Keyhole.Web.Serving;
using Keyhole.Web.Tests;
using Xunit;

[assembly: AssemblyFixture(typeof(WebFixture))]

namespace Keyhole.Web.Tests;

/// <summary>One study and one server of it for all tests of this assembly; take it as a constructor's parameter.</summary>
public sealed class WebFixture : IAsyncLifetime
{
    private ServedStudy? _served;

    /// <summary>The study, and more servers of it.</summary>
    public ServedStudy Served => _served!;

    /// <summary>The common server.</summary>
    public WebServer Server { get; private set; } = null!;

    /// <summary>A client of the common server.</summary>
    public HttpClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _served = new ServedStudy();
        Server = await _served.Serve();
        Client = ClientOf(Server);
        await Server.Models.Loaded;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Served.DisposeAsync();
    }

    /// <summary>A client of a server.</summary>
    public static HttpClient ClientOf(WebServer server) => new() { BaseAddress = server.Address, Timeout = TimeSpan.FromMinutes(10) };

    /// <summary>Gets JSON; the answer must be 200.</summary>
    public async Task<JsonElement> Get(string path)
    {
        using HttpResponseMessage answer = await Client.GetAsync(path, TestContext.Current.CancellationToken);
        return await Body(answer, HttpStatusCode.OK);
    }

    /// <summary>Posts JSON; the answer must be 200.</summary>
    public async Task<JsonElement> Post(string path, object body)
    {
        using HttpResponseMessage answer = await Client.PostAsync(path, Json(body), TestContext.Current.CancellationToken);
        return await Body(answer, HttpStatusCode.OK);
    }

    /// <summary>An object, or a text that is JSON already, as a request's body.</summary>
    public static StringContent Json(object body) => new(body as string ?? JsonSerializer.Serialize(body, JsonSerializerOptions.Web), Encoding.UTF8, "application/json");

    /// <summary>The body of an answer with this status.</summary>
    public static async Task<JsonElement> Body(HttpResponseMessage answer, HttpStatusCode status)
    {
        string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == status, $"{answer.RequestMessage?.RequestUri}: {(int)answer.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>Sees that an answer is an error of this status and code, with a sentence.</summary>
    public static async Task<string> Refused(HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        JsonElement error = (await Body(answer, status)).GetProperty("error");
        Assert.Equal(code, error.GetProperty("code").GetString());
        string sentence = error.GetProperty("message").GetString()!;
        Assert.EndsWith(".", sentence, StringComparison.Ordinal);
        return sentence;
    }
}
