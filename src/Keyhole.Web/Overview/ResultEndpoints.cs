using System.Collections.Immutable;
using System.Text.Json;
using Keyhole.Claiming;
using Keyhole.Features;
using Keyhole.Studies;
using Keyhole.Web.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Keyhole.Web.Overview;

/// <summary>Tested claims and memories as features, in the JSON that the commands print (docs/formats/results.md).</summary>
internal static class ResultEndpoints
{
    // Of a search: the page shows so many at most, and the command's own output has the rest.
    private const int MostTests = 100;
    private const string ContentType = "application/json";

    /// <summary>Maps the endpoints.</summary>
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/features", (StudyPool studies) => Features(studies)).WithName("Features").WithSummary("The study's memories as features, beside a null; without rows where 'keyhole features' was not run.").Produces(StatusCodes.Status200OK, contentType: ContentType).WithQuery();
        api.MapGet("/claims", (StudyPool studies) => Claims(studies)).WithName("Claims").WithSummary("The claims that 'keyhole claim' tested, in their order, without examples.").Produces(StatusCodes.Status200OK, contentType: ContentType).WithQuery();
        api.MapGet("/claims/{number:int}", (int number, StudyPool studies) => Claim(number, studies)).WithName("Claim").WithSummary("One of them, counted from 0, with examples.").Produces(StatusCodes.Status200OK, contentType: ContentType).WithQuery();
    }

    private static IResult Features(StudyPool studies)
    {
        using StudyLease lease = studies.Rent();
        FeatureResult measured = FeatureAnalyzer.Read(lease.Study) ?? new FeatureResult(ImmutableSortedDictionary<string, string>.Empty, [], []);
        return Body(json => FeatureJson.Write(json, measured));
    }

    private static IResult Claims(StudyPool studies)
    {
        ClaimRun run = Read(studies);
        return Body(json => ClaimJson.Write(json, run with { Claims = [.. run.Claims.Select(claim => claim with { Tests = [.. claim.Tests.Take(MostTests).Select(test => test with { Examples = ClaimExamples.None })] })] }));
    }

    private static IResult Claim(int number, StudyPool studies)
    {
        ClaimRun run = Read(studies);
        return number >= 0 && number < run.Claims.Length
            ? Body(json => ClaimJson.Write(json, run with { Claims = [run.Claims[number]] }))
            : throw new RequestRefusedException(StatusCodes.Status404NotFound, "KH7010", $"There is no such claim: {run.Claims.Length} were tested on this study.");
    }

    private static ClaimRun Read(StudyPool studies)
    {
        using StudyLease lease = studies.Rent();
        return ClaimStore.Read(lease.Study) ?? new ClaimRun { Options = ImmutableSortedDictionary<string, string>.Empty, Claims = [] };
    }

    private static IResult Body(Action<Utf8JsonWriter> write)
    {
        using MemoryStream body = new();
        using (Utf8JsonWriter json = new(body))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Results.Bytes(body.ToArray(), ContentType + "; charset=utf-8");
    }
}
