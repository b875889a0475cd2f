using System.Security.Cryptography;
using Keyhole.Exports;
using Keyhole.Memories;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;
using Keyhole.Web.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Keyhole.Web.Memories;

/// <summary>One memory: what the study keeps of it, and what is computed for its page.</summary>
internal static class MemoryEndpoints
{
    /// <summary>Maps the endpoints.</summary>
    public static void Map(RouteGroupBuilder api)
    {
        RouteGroupBuilder memories = api.MapGroup("/memories");
        memories.MapGet("/random", Random).WithName("RandomMemory").WithSummary("The name of a memory drawn at random, from one layer or all.").Produces<MemoryName>().WithQuery("layer");
        memories.MapGet("/{id}", Memory).WithName("Memory").WithSummary("A memory as the study keeps it: triggers, statistics, histogram, value.").Produces<MemoryAnswer>().WithQuery();
        memories.MapGet("/{id}/triggers", Triggers).WithName("MemoryTriggers").WithSummary("Some triggers of a pole, as many as its list holds.").Produces<TriggersAnswer>().WithQuery("pole", "offset", "count");
        memories.MapGet("/{id}/layer", Layer).WithName("MemoryLayer").WithSummary("Where a memory stands among those of its layer.").Produces<MemoryLayerAnswer>().WithQuery();
        memories.MapGet("/{id}/controls", Controls).WithName("MemoryControls").WithSummary("Texts to hold beside the triggers: the end of the list, below its threshold, at random.").Produces<ControlsAnswer>().WithQuery();
        memories.MapGet("/{id}/nearest", Nearest).WithName("MemoryNearest").WithSummary("The memories of all layers whose keys and values point the same way.").Produces<NearestAnswer>().WithQuery();
        memories.MapPost("/{id}/coefficients", Coefficients).WithName("MemoryCoefficients").WithSummary("The memory's coefficient at every token of texts of the study.").Produces<CoefficientsAnswer>().WithQuery();
        memories.MapPost("/{id}/own", Own).WithName("MemoryOwn").WithSummary("The memory's coefficient at every token of a text of one's own.").Produces<OwnAnswer>().WithQuery();
    }

    private static MemoryAnswer Memory(string id, StudyPool studies)
    {
        using StudyLease lease = studies.Rent();
        return MemoryAnswers.Of(lease.Study, Find(lease.Study, id));
    }

    private static TriggersAnswer Triggers(string id, string? pole, int? offset, int? count, StudyPool studies)
    {
        using StudyLease lease = studies.Rent();
        MemoryRecord memory = Find(lease.Study, id);
        Pole chosen = MemoryJson.Poles(lease.Study.Shape).ToArray().Where(other => MemoryJson.Name(other) == (pole ?? "positive")).Select(other => (Pole?)other).SingleOrDefault()
            ?? throw Refused(lease.Study.Shape.Gated ? "The pole is positive or negative." : "The memories of this model have a positive pole alone.");
        if (offset is < 0 || count is < 1 or > MemoryLimits.Triggers)
        {
            throw Refused($"The offset counts from 0, and 1 to {MemoryLimits.Triggers} triggers come at once.");
        }

        return MemoryAnswers.Triggers(lease.Study, memory, chosen, offset ?? 0, count ?? MemoryLimits.FirstTriggers);
    }

    private static MemoryLayerAnswer Layer(string id, StudyPool studies, MemoryCaches caches)
    {
        using StudyLease lease = studies.Rent();
        MemoryRecord memory = Find(lease.Study, id);
        (int, string) key = (memory.Id.Layer, StudyTag.Of(lease.Study));
        if (!caches.Layers.TryGet(key, out LayerFigures? figures))
        {
            figures = LayerFigures.Read(lease.Study, memory.Id.Layer);
            caches.Layers.Keep(key, figures);
        }

        return figures.Place(memory, ValueTable.Read(lease.Study, memory.Id));
    }

    private static async Task<ControlsAnswer> Controls(string id, StudyPool studies, ModelRunner models, MemoryCaches caches, CancellationToken aborted)
    {
        using StudyLease lease = studies.Rent();
        return await ControlTexts.Of(lease.Study, Find(lease.Study, id), models, new ComputedCoefficients(models, caches), aborted);
    }

    private static async Task<NearestAnswer> Nearest(string id, StudyPool studies, ModelRunner models, MemoryCaches caches, CancellationToken aborted)
    {
        using StudyLease lease = studies.Rent();
        return await NearestAnswers.Of(lease.Study, Find(lease.Study, id).Id, models, caches, aborted);
    }

    private static async Task<CoefficientsAnswer> Coefficients(string id, CoefficientsRequest request, StudyPool studies, ModelRunner models, MemoryCaches caches, CancellationToken aborted)
    {
        using StudyLease lease = studies.Rent();
        return await new ComputedCoefficients(models, caches).Of(lease.Study, Find(lease.Study, id).Id, request.Texts ?? [], aborted);
    }

    private static Task<OwnAnswer> Own(string id, OwnRequest request, StudyPool studies, ModelRunner models, MemoryCaches caches, CancellationToken aborted)
    {
        NeuronId memory;
        using (StudyLease lease = studies.Rent())
        {
            memory = Find(lease.Study, id).Id;
        }

        return new ComputedCoefficients(models, caches).Of(studies, memory, request.Text ?? string.Empty, aborted);
    }

    private static MemoryName Random(int? layer, StudyPool studies)
    {
        using StudyLease lease = studies.Rent();
        double draw = RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue;
        return new MemoryName((StudyMemories.Draw(lease.Study, layer, draw)
            ?? throw new RequestRefusedException(StatusCodes.Status404NotFound, "KH7201", layer is null ? "The study has no memory." : "The study has no memory in this layer.")).ToString());
    }

    private static MemoryRecord Find(Study study, string id)
        => (NeuronId.TryParse(id, out NeuronId name) ? study.Memory(name) : null)
            ?? throw new RequestRefusedException(StatusCodes.Status404NotFound, "KH7201", $"The study has no memory of this name. Names are written like {Example(study)}; its layers are 0 to {study.Shape.Layers - 1}.");

    private static string Example(Study study) => study.Shape.Experts > 0 ? "L1E0N7" : "L1N7";

    private static RequestRefusedException Refused(string sentence) => new(StatusCodes.Status400BadRequest, "KH7202", sentence);
}

/// <summary>The name of a memory.</summary>
/// <param name="Id">Such as <c>L12N3456</c>.</param>
public sealed record MemoryName(string Id);
