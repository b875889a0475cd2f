using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Keyhole.Web.Serving;
using Xunit;

namespace Keyhole.Web.Tests;

/// <summary>Requests that no page makes: every one is answered, with a sentence where it is refused, and nothing of the server comes out or piles up.</summary>
[Collection(Alone)]
public class HostileRequestTests(WebFixture web)
{
    private const string Alone = "alone";
    private const int Requests = 5000;
    private const int AtOnce = 8;
    private const int MostMembers = 8;
    private const long MostGrowth = 96L << 20;

    private static readonly string[] s_texts =
    [
        "", " ", "0", "-1", "99999999999999999999", "NaN", "1e309", "0x10", "null", "true", "the", "Paris", "L0N0", "L3N12", "L999999N1", "L3E2N77", "l0n0", "k^1_3", "../../etc/passwd", "..\\..\\x", "%2e%2e%2f",
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "';--", "' OR 1=1 --", "\u202Eabc\u2066", "\0", "a\0b", "\uD800", "\uFEFF", "🙂", "e\u0301", "(a+)+$", "[", "*", "\"", "NEAR(", "positive", "negative",
        "kurtosis", "values", "both", "last", "all", "{{7*7}}", "${jndi:ldap://x}", "%s%n", "file:///etc/passwd", "http://evil.example/", "true;true", "1,2,3", "0-3", "3-0",
    ];

    [Fact]
    public async Task Thousands_of_random_requests_are_answered()
    {
        WebServer server = await web.Served.Serve(web.Served.Copy("hostile.study"));
        await server.Models.Loaded;
        Operation[] operations = [.. await Operations()];
        Assert.True(operations.Length > 1, "no operation");
        int faults = web.Served.Faults.Count;
        var wrong = new ConcurrentQueue<string>();
        await Send(server, operations, 0, Requests / 2, wrong);
        long before = Held();
        await Send(server, operations, Requests / 2, Requests, wrong);
        long after = Held();
        Assert.True(wrong.IsEmpty, string.Join("\n", wrong.Take(20)));
        Assert.True(web.Served.Faults.Count == faults, string.Join("\n", web.Served.Faults.Skip(faults).Take(5)));
        Assert.True(after - before < MostGrowth, $"{before >> 20} to {after >> 20} MiB");
    }

    [Fact]
    public async Task Bodies_that_are_too_large_are_refused()
    {
        string large = "{\"text\":\"" + new string('a', 10 << 20) + "\"}";
        foreach (Operation operation in (await Operations()).Where(operation => operation.Method == HttpMethod.Post))
        {
            using HttpRequestMessage request = new(HttpMethod.Post, operation.Path.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal)) { Content = WebFixture.Json(large) };
            request.Headers.ExpectContinue = true;   // so that the answer comes before the body
            using HttpResponseMessage answer = await web.Client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.InRange((int)answer.StatusCode, 400, 499);
            await Sentence(answer);
        }
    }

    [Theory]
    [InlineData("GET /api/study HTTP/1.1\r\n\r\n", 400)]                                          // no host
    [InlineData("GET http://evil.example/api/study HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421)]
    [InlineData("GET /api/study HTTP/1.1\r\nHost: HERE\r\nHost: evil.example\r\n\r\n", 400)]
    [InlineData("GET /../../../etc/passwd HTTP/1.1\r\nHost: HERE\r\n\r\n", 404)]
    [InlineData("GET /js/..%2f..%2f..%2fetc/passwd HTTP/1.1\r\nHost: HERE\r\n\r\n", 404)]
    [InlineData("GET /a%00b HTTP/1.1\r\nHost: HERE\r\n\r\n", 400)]
    [InlineData("NONSENSE\r\n\r\n", 400)]
    [InlineData("TRACE /api/study HTTP/1.1\r\nHost: HERE\r\n\r\n", 404)]
    public async Task Raw_requests_are_answered(string request, int status)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, web.Server.Address.Port, TestContext.Current.CancellationToken);
        NetworkStream stream = socket.GetStream();
        byte[] bytes = Encoding.ASCII.GetBytes(request.Replace("HERE", web.Server.Address.Authority, StringComparison.Ordinal));
        await stream.WriteAsync(bytes, TestContext.Current.CancellationToken);
        byte[] answer = new byte[12];
        await stream.ReadExactlyAsync(answer, TestContext.Current.CancellationToken);
        Assert.Equal($"HTTP/1.1 {status}", Encoding.ASCII.GetString(answer));
    }

    private async Task Send(WebServer server, Operation[] operations, int from, int to, ConcurrentQueue<string> wrong)
    {
        using HttpClient client = WebFixture.ClientOf(server);
        string folder = Path.GetDirectoryName(web.Served.Study)!;
        await Parallel.ForAsync(from, to, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken }, async (seed, stop) =>
        {
            var random = new Random(seed);
            using HttpRequestMessage request = Request(operations[random.Next(operations.Length)], random);
            using HttpResponseMessage answer = await client.SendAsync(request, stop);
            string body = await answer.Content.ReadAsStringAsync(stop);
            string name = $"seed {seed}: {request.Method} {request.RequestUri} {(int)answer.StatusCode}";
            if ((int)answer.StatusCode >= 500 && answer.StatusCode != HttpStatusCode.ServiceUnavailable)
            {
                wrong.Enqueue($"{name}: {body}");
            }
            else if ((int)answer.StatusCode >= 400 && answer.StatusCode != HttpStatusCode.RequestUriTooLong /* the web server's own, bare */ && (await TrySentence(answer)) is not { } sentence)
            {
                wrong.Enqueue($"{name}: no sentence: {body[..Math.Min(body.Length, 200)]}");
            }

            if (body.Contains(folder, StringComparison.Ordinal) || body.Contains("   at Keyhole.", StringComparison.Ordinal) || body.Contains("Exception", StringComparison.Ordinal))
            {
                wrong.Enqueue($"{name}: tells of the server: {body[..Math.Min(body.Length, 300)]}");
            }
        });
    }

    private static HttpRequestMessage Request(Operation operation, Random random)
    {
        string path = operation.Path;
        while (path.IndexOf('{', StringComparison.Ordinal) is >= 0 and int open)
        {
            // A null in a path is refused by the web server before any of this program runs (see the raw requests): bare, and the connection ends.
            path = path[..open] + Uri.EscapeDataString(Repaired(Text(random)).Replace('\0', '\u0001')) + path[(path.IndexOf('}', open) + 1)..];
        }

        string[] fields = [.. operation.Fields.Where(_ => random.Next(3) == 0).Append(random.Next(8) == 0 ? "other" : "").Where(field => field.Length > 0)];
        string query = string.Join('&', fields.Select(field => $"{Uri.EscapeDataString(field)}={Uri.EscapeDataString(Repaired(Text(random)))}"));
        var request = new HttpRequestMessage(random.Next(20) == 0 ? HttpMethod.Parse(random.GetItems(["PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"], 1)[0]) : operation.Method, query.Length > 0 ? $"{path}?{query}" : path);
        if (operation.Method == HttpMethod.Post)
        {
            string body = random.Next(10) switch
            {
                0 => "",
                1 => "{",
                2 => new string('[', 500),
                3 => Text(random),
                _ => Value(random, operation.BodyFields, 0),
            };
            request.Content = new StringContent(body, Encoding.UTF8, random.Next(12) == 0 ? "text/plain" : "application/json");
        }

        return request;
    }

    // JSON with the names that the endpoint knows, and values that it may not.
    private static string Value(Random random, string[] names, int depth) => random.Next(depth == 0 ? 1 : 7) switch
    {
        0 when depth < 4 => "{" + string.Join(',', random.GetItems(names, Math.Min(names.Length, MostMembers)).Distinct().Where(_ => random.Next(3) > 0).Append(random.Next(10) == 0 ? "other" : "").Where(name => name.Length > 0).Select(name => $"{JsonSerializer.Serialize(name)}:{Value(random, names, depth + 1)}")) + "}",
        1 when depth < 4 => "[" + string.Join(',', Enumerable.Range(0, random.Next(5)).Select(_ => Value(random, names, depth + 1))) + "]",
        2 => random.GetItems(["0", "1", "2", "-1", "3.5", "1e400", "99999999999", "null", "true", "false"], 1)[0],
        _ => JsonSerializer.Serialize(Repaired(Text(random))),
    };

    private static string Text(Random random) => random.Next(12) switch
    {
        0 => new string((char)random.Next(32, 127), random.Next(1, 3000)),
        1 => string.Concat(random.GetItems(s_texts, 5)),
        _ => s_texts[random.Next(s_texts.Length)],
    };

    private static string Repaired(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static async Task Sentence(HttpResponseMessage answer) => Assert.NotNull(await TrySentence(answer));

    private static async Task<string?> TrySentence(HttpResponseMessage answer)
    {
        string body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        string target = answer.RequestMessage!.RequestUri!.PathAndQuery;
        if (body.Length == 0 && (target.Length > 8000 || target.Contains("%00", StringComparison.Ordinal)))
        {
            return "No such line is taken for a request at all.";   // the framework answers by itself
        }

        if (answer.RequestMessage!.Method == HttpMethod.Head || answer.Content.Headers.ContentType?.MediaType == "text/html")
        {
            return "A page says it.";
        }

        try
        {
            string? message = JsonDocument.Parse(body).RootElement.GetProperty("error").GetProperty("message").GetString();
            return message is { Length: > 5 } && message.TrimEnd(')', '"', '\'')[^1] is '.' or '?' ? message : null;
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    // What the server's own document says there is.
    private async Task<IEnumerable<Operation>> Operations()
    {
        JsonElement document = await web.Get(Endpoints.Document);
        string[] names = document.TryGetProperty("components", out JsonElement components) && components.TryGetProperty("schemas", out JsonElement schemas)
            ? [.. schemas.EnumerateObject().Where(schema => schema.Value.TryGetProperty("properties", out _)).SelectMany(schema => schema.Value.GetProperty("properties").EnumerateObject().Select(property => property.Name)).Distinct()]
            : [];
        return document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(method => new Operation(
            HttpMethod.Parse(method.Name.ToUpperInvariant()),
            path.Name,
            method.Value.TryGetProperty("parameters", out JsonElement parameters) ? [.. parameters.EnumerateArray().Where(parameter => parameter.GetProperty("in").GetString() == "query").Select(parameter => parameter.GetProperty("name").GetString()!)] : [],
            Named(method.Value, document) is { Length: > 0 } own ? own : names)));
    }

    // The names of the body's own fields, where its schema says them.
    private static string[] Named(JsonElement operation, JsonElement document)
    {
        if (!operation.TryGetProperty("requestBody", out JsonElement body) || !body.GetProperty("content").TryGetProperty("application/json", out JsonElement json) || !json.GetProperty("schema").TryGetProperty("$ref", out JsonElement reference))
        {
            return [];
        }

        JsonElement schema = document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]);
        return schema.TryGetProperty("properties", out JsonElement properties) ? [.. properties.EnumerateObject().Select(property => property.Name)] : [];
    }

    private static long Held()
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    private sealed record Operation(HttpMethod Method, string Path, string[] Fields, string[] BodyFields);

    /// <summary>Nothing else runs meanwhile: other tests' servers would count as what these requests hold.</summary>
    [CollectionDefinition(Alone, DisableParallelization = true)]
    public class NothingElse;
}
