using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Keyhole.Annotations;
using Keyhole.Studies;
using Keyhole.Web.Serving;
using Xunit;

namespace Keyhole.Web.Tests.Annotating;

/// <summary>50 annotators who save at once: for three seconds, or as many as KEYHOLE_LOAD_SECONDS says.</summary>
public class AnnotationLoadTests(WebFixture web)
{
    private const int Annotators = 50;

    [Fact]
    public async Task Fifty_annotators_who_save_at_once_lose_nothing_and_double_nothing()
    {
        double seconds = double.Parse(Environment.GetEnvironmentVariable("KEYHOLE_LOAD_SECONDS") ?? "3", CultureInfo.InvariantCulture);
        using AnnotationServer server = await AnnotationServer.Start(web, "load.study");
        await server.Create();
        ConcurrentDictionary<(string, string), (int Revision, string Text)> acknowledged = new();
        ConcurrentBag<double> milliseconds = [];
        int repeats = 0;
        GC.Collect();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Annotators).Select(number => Task.Run(() => Annotate($"annotator {number}", number))));
        double elapsed = clock.Elapsed.TotalSeconds;
        long after = GC.GetTotalMemory(forceFullCollection: true);

        using Study study = Study.Open(server.Study);
        Annotation[] kept = [.. AnnotationTable.Read(study)];
        Assert.Equal(acknowledged.Count, kept.Length);
        foreach (Annotation annotation in kept)
        {
            (int revision, string text) = acknowledged[(annotation.Annotator, annotation.Sheet)];
            Assert.Equal((revision, text), (annotation.Revision, Assert.Single(annotation.Patterns).Text));
        }

        double[] sorted = [.. milliseconds.Order()];
        TestContext.Current.SendDiagnosticMessage(string.Create(CultureInfo.InvariantCulture,
            $"{sorted.Length} saves of {Annotators} annotators in {elapsed:F1} s ({sorted.Length / elapsed:F0} a second), {repeats} of them repeated; median {sorted[sorted.Length / 2]:F1} ms, p95 {sorted[(int)(0.95 * sorted.Length)]:F1} ms, longest {sorted[^1]:F0} ms; managed memory {before >> 20} MiB before, {after >> 20} MiB after"));
        Assert.True(after - before < 64 << 20, $"{before} bytes became {after}");
        Assert.Empty(web.Served.Faults);

        async Task Annotate(string name, int number)
        {
            string[] sheets = await server.Sheets(name);
            var random = new Random(number);
            Dictionary<string, int> revisions = [];
            while (clock.Elapsed.TotalSeconds < seconds)
            {
                string id = sheets[random.Next(Math.Min(10, sheets.Length))];
                int revision = revisions.GetValueOrDefault(id) + 1;
                string text = $"{name} {id} {revision}";
                object save = AnnotationServer.Saving(name, revision, key: $"r{revision}", done: random.Next(2) == 0, text: text, prefixes: [0, 1, 2]);
                long start = Stopwatch.GetTimestamp();
                JsonElement answer = await server.Post($"/api/annotate/sheets/{id}", save);
                milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                Assert.Equal("saved", answer.GetProperty("outcome").GetString());
                revisions[id] = revision;
                acknowledged[(name, id)] = (revision, text);
                if (random.Next(10) == 0)
                {
                    // An answer that got lost on its way: the page repeats its save.
                    Assert.Equal("repeated", (await server.Post($"/api/annotate/sheets/{id}", save)).GetProperty("outcome").GetString());
                    Interlocked.Increment(ref repeats);
                }

                if (random.Next(20) == 0)
                {
                    Assert.Equal(revision, (await server.Sheet(id, name)).GetProperty("annotation").GetProperty("revision").GetInt32());
                }
            }
        }
    }

    [Fact]
    public async Task A_server_that_is_stopped_writes_what_it_has_taken()
    {
        string copy = web.Served.Copy("stopped.study");
        WebServer server = await WebServer.Start(new WebOptions { Study = copy, Model = web.Served.PathOf("nowhere"), Port = 0 }, _ => { }, TestContext.Current.CancellationToken);
        using HttpClient client = WebFixture.ClientOf(server);
        using HttpResponseMessage made = await client.PostAsync("/api/annotate/project", WebFixture.Json(new { perLayer = 1, decoys = 0, prefixes = 5 }), TestContext.Current.CancellationToken);
        await WebFixture.Body(made, HttpStatusCode.OK);
        JsonElement sheets = await WebFixture.Body(await client.GetAsync("/api/annotate/sheets?annotator=ana", TestContext.Current.CancellationToken), HttpStatusCode.OK);
        string id = sheets.GetProperty("sheets")[0].GetProperty("id").GetString()!;
        Task<HttpResponseMessage>[] saves = [.. Enumerable.Range(0, 30).Select(number => client.PostAsync($"/api/annotate/sheets/{id}", WebFixture.Json(AnnotationServer.Saving($"a{number}", 1, prefixes: [0])), TestContext.Current.CancellationToken))];
        await Task.WhenAny(saves);
        await server.DisposeAsync();
        int answered = 0;
        foreach (Task<HttpResponseMessage> save in saves)
        {
            try
            {
                answered += (await save).StatusCode == HttpStatusCode.OK ? 1 : 0;
            }
            catch (HttpRequestException)
            {
                // Cut off: it may be kept or not.
            }
        }

        using Study study = Study.Open(copy);
        Assert.InRange(AnnotationTable.Read(study).Length, answered, 30);
        Assert.True(answered > 0);
    }
}
