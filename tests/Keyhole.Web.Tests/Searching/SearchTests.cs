using System.Net;
using System.Text.Json;
using Keyhole.Memories;
using Keyhole.Search;
using Keyhole.Studies;
using Keyhole.Web.Serving;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Keyhole.Web.Tests.Searching;

/// <summary>The search of the page is the command's.</summary>
public class SearchTests(WebFixture web)
{
    [Theory]
    [InlineData("q=the", "the", null, null, false, SearchPlaces.Both)]
    [InlineData("q=of%20the&in=triggers&limit=7", "of the", null, null, false, SearchPlaces.Triggers)]
    [InlineData("q=THE&in=values&ignoreCase=true", "THE", null, null, true, SearchPlaces.Values)]
    [InlineData("regex=ing%24&target=the", null, "ing$", "the", false, SearchPlaces.Both)]
    [InlineData("q=.&in=both", ".", null, null, false, SearchPlaces.Both)]
    public async Task It_finds_what_the_command_finds(string query, string? words, string? regex, string? target, bool ignoreCase, SearchPlaces places)
    {
        using Study study = Study.Open(web.Served.Study);
        int limit = query.Contains("limit=7", StringComparison.Ordinal) ? 7 : 20;
        SearchResult expected = StudySearch.Run(study, new SearchOptions { Query = words, Regex = regex, Target = target, IgnoreCase = ignoreCase, In = places, Limit = limit }, cancellation: TestContext.Current.CancellationToken);
        JsonElement found = await web.Get("/api/search?" + query);
        Assert.Equal(expected.SearchedValues, found.GetProperty("promoting").ValueKind == JsonValueKind.Object);
        Assert.Equal(expected.SearchedTriggers, found.GetProperty("triggers").ValueKind == JsonValueKind.Object);
        if (expected.SearchedValues)
        {
            Assert.Equal(expected.PromotingCount, found.GetProperty("promoting").GetProperty("count").GetInt32());
            Assert.Equal(expected.Promoting.Select(match => (match.Id.ToString(), match.Rank)), Matches(found, "promoting").Select(match => (match.GetProperty("id").GetString()!, match.GetProperty("rank").GetInt32())));
            Assert.Equal(expected.Demoting.Select(match => (match.Id.ToString(), match.Rank)), Matches(found, "demoting").Select(match => (match.GetProperty("id").GetString()!, match.GetProperty("rank").GetInt32())));
        }

        if (expected.SearchedTriggers)
        {
            Assert.Equal(expected.TriggersCount, found.GetProperty("triggers").GetProperty("count").GetInt32());
            Assert.Equal(expected.Triggers.Select(match => (match.Id.ToString(), match.Matches, match.BestRank)),
                Matches(found, "triggers").Select(match => (match.GetProperty("id").GetString()!, match.GetProperty("matches").GetInt32(), match.GetProperty("rank").GetInt32())));
            Assert.All(expected.Triggers.Zip(Matches(found, "triggers")), pair =>
            {
                Assert.Equal(pair.First.Prefix[pair.First.Place], pair.Second.GetProperty("match").GetString());
                Assert.EndsWith(pair.Second.GetProperty("before").GetString() + pair.Second.GetProperty("match").GetString() + pair.Second.GetProperty("after").GetString(), pair.First.Prefix, StringComparison.Ordinal);
            });
        }

        Assert.Empty(found.GetProperty("notes").EnumerateArray());
    }

    [Fact]
    public async Task Layers_are_those_that_were_asked_for()
    {
        JsonElement found = await web.Get("/api/search?q=the&layers=0,2-3&limit=500");
        Assert.True(Matches(found, "triggers").Length > 50);
        Assert.All(Matches(found, "triggers").Concat(Matches(found, "promoting")), match => Assert.Contains(NeuronId.Parse(match.GetProperty("id").GetString()!).Layer, (int[])[0, 2, 3]));
    }

    [Theory]
    [InlineData("", "KH7404", HttpStatusCode.BadRequest)]
    [InlineData("?q=%20", "KH7404", HttpStatusCode.BadRequest)]
    [InlineData("?in=values&target=a", "KH7404", HttpStatusCode.BadRequest)]
    [InlineData("?q=a&in=everywhere", "KH7403", HttpStatusCode.BadRequest)]
    [InlineData("?q=a&limit=0", "KH7403", HttpStatusCode.BadRequest)]
    [InlineData("?q=a&limit=501", "KH7403", HttpStatusCode.BadRequest)]
    [InlineData("?q=a&layers=3-2", "KH7403", HttpStatusCode.BadRequest)]
    [InlineData("?q=a&layers=0-999999999", "KH7403", HttpStatusCode.BadRequest)]
    [InlineData("?q=a&layers=1,,2", "KH7403", HttpStatusCode.BadRequest)]
    [InlineData("?q=a&ignoreCase=perhaps", "KH7004", HttpStatusCode.BadRequest)]
    [InlineData("?q=a&words=b", "KH7004", HttpStatusCode.BadRequest)]
    [InlineData("?regex=(", "KH5810", HttpStatusCode.UnprocessableEntity)]
    [InlineData("?in=triggers&q=.", "KH5812", HttpStatusCode.UnprocessableEntity)]
    public async Task What_cannot_be_searched_is_refused(string query, string code, HttpStatusCode status)
    {
        using HttpResponseMessage answer = await web.Client.GetAsync("/api/search" + query, TestContext.Current.CancellationToken);
        await WebFixture.Refused(answer, status, code);
    }

    [Fact]
    public async Task Long_texts_and_slow_patterns_are_refused()
    {
        using HttpResponseMessage text = await web.Client.GetAsync("/api/search?q=" + new string('a', 201), TestContext.Current.CancellationToken);
        await WebFixture.Refused(text, HttpStatusCode.BadRequest, "KH7403");
        using HttpResponseMessage slow = await web.Client.GetAsync("/api/search?regex=" + Uri.EscapeDataString(@"^(\w+\W*)*(\w)\2{9}$"), TestContext.Current.CancellationToken);
        await WebFixture.Refused(slow, HttpStatusCode.UnprocessableEntity, "KH5811");
    }

    [Fact]
    public async Task Without_an_index_or_values_the_rest_is_searched_and_it_is_said()
    {
        string path = web.Served.Copy("without-index.study");
        using (var connection = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "DROP TABLE trigger_text; DROP TABLE trigger_unit; DROP TABLE value; DROP TABLE value_pole";
            command.ExecuteNonQuery();
        }

        WebServer server = await web.Served.Serve(path);
        using HttpClient client = WebFixture.ClientOf(server);
        using HttpResponseMessage answer = await client.GetAsync("/api/search?q=the", TestContext.Current.CancellationToken);
        JsonElement found = await WebFixture.Body(answer, HttpStatusCode.OK);
        Assert.Equal((await web.Get("/api/search?q=the")).GetProperty("triggers").GetProperty("count").GetInt32(), found.GetProperty("triggers").GetProperty("count").GetInt32());
        string[] notes = [.. found.GetProperty("notes").EnumerateArray().Select(note => note.GetString()!)];
        Assert.Contains(notes, note => note.Contains("--only index", StringComparison.Ordinal));
        Assert.Contains(notes, note => note.Contains("--only values", StringComparison.Ordinal));
        using HttpResponseMessage values = await client.GetAsync("/api/search?q=the&in=values", TestContext.Current.CancellationToken);
        Assert.Single((await WebFixture.Body(values, HttpStatusCode.OK)).GetProperty("notes").EnumerateArray());
    }

    private static JsonElement[] Matches(JsonElement found, string list) => [.. found.GetProperty(list).GetProperty("matches").EnumerateArray()];
}
