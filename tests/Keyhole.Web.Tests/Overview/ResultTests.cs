using System.Net;
using System.Text.Json;
using Keyhole.Claiming;
using Keyhole.Features;
using Keyhole.Web.Serving;
using Xunit;

namespace Keyhole.Web.Tests.Overview;

/// <summary>Tested claims and features, for pages and programs.</summary>
public class ResultTests(WebFixture web)
{
    [Fact]
    public async Task A_study_without_them_has_none()
    {
        Assert.Equal(0, (await web.Get("/api/claims")).GetProperty("claims").GetArrayLength());
        Assert.Equal(0, (await web.Get("/api/features")).GetProperty("rows").GetArrayLength());
        using HttpResponseMessage none = await web.Client.GetAsync("/api/claims/0", TestContext.Current.CancellationToken);
        Assert.Contains("0 were tested", await WebFixture.Refused(none, HttpStatusCode.NotFound, "KH7010"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task They_are_what_the_study_has()
    {
        string path = web.Served.Results;
        WebServer server = await web.Served.Serve(path);
        using HttpClient client = WebFixture.ClientOf(server);
        using Studies.Study study = Studies.Study.Open(path);
        ClaimRun run = ClaimStore.Read(study)!;
        JsonElement[] claims = [.. (await Get(client, "/api/claims")).GetProperty("claims").EnumerateArray()];
        Assert.Equal(run.Claims.Select(claim => claim.Name), claims.Select(claim => claim.GetProperty("name").GetString()));
        Assert.Equal(run.Claims.Select(claim => claim.Tests.Length), claims.Select(claim => claim.GetProperty("tests").GetArrayLength()));
        Assert.All(claims, claim => Assert.Equal(0, claim.GetProperty("tests")[0].GetProperty("examples").GetProperty("hits").GetArrayLength()));
        JsonElement test = claims[2].GetProperty("tests")[0];
        Assert.Equal(run.Claims[2].Tests[0].Counts.Precision, test.GetProperty("counts").GetProperty("precision").GetDouble());
        Assert.Equal(run.Claims[2].Tests[0].PrecisionInterval.Lower, test.GetProperty("precisionInterval")[0].GetDouble());

        JsonElement whole = (await Get(client, "/api/claims/2")).GetProperty("claims")[0];
        Assert.Equal(run.Claims[2].Tests[0].Examples.Hits.Length, whole.GetProperty("tests")[0].GetProperty("examples").GetProperty("hits").GetArrayLength());
        foreach (string number in (string[])["4", "-1"])
        {
            using HttpResponseMessage beyond = await client.GetAsync($"/api/claims/{number}", TestContext.Current.CancellationToken);
            await WebFixture.Refused(beyond, HttpStatusCode.NotFound, "KH7010");
        }

        JsonElement features = await Get(client, "/api/features");
        Assert.Equal(FeatureAnalyzer.Read(study)!.Rows.Length, features.GetProperty("rows").GetArrayLength());
    }

    private static async Task<JsonElement> Get(HttpClient client, string path)
    {
        using HttpResponseMessage answer = await client.GetAsync(path, TestContext.Current.CancellationToken);
        return await WebFixture.Body(answer, HttpStatusCode.OK);
    }
}
