using Keyhole.Web.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Keyhole.Web.Overview;

/// <summary>One number of every memory, and the memories at both ends of it.</summary>
internal static class LayerEndpoints
{
    /// <summary>Memories of each end that may be asked for.</summary>
    public const int MostExtremes = 100;

    private const int DefaultExtremes = 10;

    /// <summary>Maps the endpoints.</summary>
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/statistics", Statistics).WithName("Statistics").WithSummary("The numbers that every memory has.").Produces<IReadOnlyList<StatisticAnswer>>().WithQuery();
        api.MapGet("/layers/{statistic}", Layers).WithName("Layers").WithSummary("One number of every memory, in the study's order.").Produces<LayerAnswer>().WithQuery();
        api.MapGet("/extremes/{statistic}", Ends).WithName("Extremes").WithSummary("The memories of the largest and the smallest numbers, of the study or of a layer.").Produces<ExtremesAnswer>().WithQuery("layer", "limit");
    }

    private static IReadOnlyList<StatisticAnswer> Statistics(StudyPool studies)
    {
        using StudyLease lease = studies.Rent();
        bool values = Studies.Analysis.ValueTable.IsIn(lease.Study);
        return [.. LayerStatistic.All.Select(statistic => new StatisticAnswer(statistic.Name, statistic.Title, statistic.Explanation, statistic.IsShare, values || !statistic.NeedsValues))];
    }

    private static async Task<IResult> Layers(string statistic, StudyCache<MemoryNumbers> numbers, HttpContext context)
    {
        LayerStatistic wanted = Find(statistic);
        (MemoryNumbers memories, string tag) = await numbers.Get(context.RequestAborted);
        float[] found = NumbersOf(memories, wanted);
        return TaggedAnswer.IsKnown(context, tag) ? Results.StatusCode(StatusCodes.Status304NotModified) : Results.Ok(LayerNumbers.Of(memories, wanted, found));
    }

    private static async Task<ExtremesAnswer> Ends(string statistic, int? layer, int? limit, StudyPool studies, StudyCache<MemoryNumbers> numbers, CancellationToken aborted)
    {
        LayerStatistic wanted = Find(statistic);
        int most = limit ?? DefaultExtremes;
        if (most is < 1 or > MostExtremes)
        {
            throw new RequestRefusedException(StatusCodes.Status400BadRequest, "KH7403", $"The field 'limit' is a number from 1 to {MostExtremes}.");
        }

        (MemoryNumbers memories, _) = await numbers.Get(aborted);
        float[] found = NumbersOf(memories, wanted);
        using StudyLease lease = studies.Rent();
        if (layer is { } chosen && (chosen < 0 || chosen >= lease.Study.Shape.Layers))
        {
            throw new RequestRefusedException(StatusCodes.Status400BadRequest, "KH7403", $"The field 'layer' is a number from 0 to {lease.Study.Shape.Layers - 1}.");
        }

        return Extremes.Of(lease.Study, memories, wanted, found, layer, most);
    }

    private static LayerStatistic Find(string name) => LayerStatistic.Find(name)
        ?? throw new RequestRefusedException(StatusCodes.Status404NotFound, "KH7401", $"There is no statistic of this name; there are: {string.Join(", ", LayerStatistic.All.Select(statistic => statistic.Name))}.");

    private static float[] NumbersOf(MemoryNumbers memories, LayerStatistic statistic) => memories.Of(statistic)
        ?? throw new RequestRefusedException(StatusCodes.Status409Conflict, "KH7401", "This statistic is read from values, which the study does not have yet: 'keyhole analyze STUDY --only values' adds them.");
}
