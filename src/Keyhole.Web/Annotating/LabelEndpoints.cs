using Keyhole.Annotations;
using Keyhole.Exports;
using Keyhole.Memories;
using Keyhole.Studies;
using Keyhole.Web.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Keyhole.Web.Annotating;

/// <summary>Labels of memories, given outside of blind sheets.</summary>
internal static class LabelEndpoints
{
    /// <summary>Maps the endpoints.</summary>
    public static void Map(RouteGroupBuilder annotate)
    {
        annotate.MapGet("/labels", Labels).WithName("Labels").WithSummary("A memory's labels: free ones, and those of blind sheets once the results are open.").Produces<MemoryLabels>().WithQuery("memory");
        annotate.MapPost("/labels", Add).WithName("AddLabel").WithSummary("Gives a memory a free label; a repeat changes nothing.").Produces<MemoryLabels>().WithQuery();
        annotate.MapPost("/labels/remove", Remove).WithName("RemoveLabel").WithSummary("Takes a free label of a memory away.").Produces<MemoryLabels>().WithQuery();
    }

    /// <summary>The labels of a memory as they are sent.</summary>
    public static IReadOnlyList<LabelText> Of(Study study, NeuronId id) => [.. LabelTable.Read(study, id).Select(label => new LabelText(
        label.Number, label.Text, AnnotationText.Of(label.Kind), label.Annotator, label.IsBlind, label.Pole is { } pole ? MemoryJson.Name(pole) : null, label.Covered?.Prefixes, label.Covered?.Of))];

    private static MemoryLabels Labels(string? memory, StudyPool studies)
    {
        using StudyLease lease = studies.Rent();
        return Answer(lease.Study, IdOf(memory));
    }

    private static MemoryLabels Add(LabelRequest request, StudyPool studies, AnnotationDesk desk)
    {
        NeuronId id = IdOf(request.Memory);
        using StudyLease lease = studies.Rent();
        desk.Store.AddLabel(lease.Study, id, request.Annotator, request.Text, AnnotationEndpoints.KindOf(request.Kind), request.Key);
        return Answer(lease.Study, id);
    }

    private static MemoryLabels Remove(LabelRemoval request, StudyPool studies, AnnotationDesk desk)
    {
        NeuronId id = IdOf(request.Memory);
        using StudyLease lease = studies.Rent();
        if (!LabelTable.Read(lease.Study, id).Any(label => label.Number == request.Number && !label.IsBlind))
        {
            throw new RequestRefusedException(StatusCodes.Status404NotFound, "KH7306", $"The memory {id} has no free label of this number.");
        }

        desk.Store.RemoveLabel(request.Number);
        return Answer(lease.Study, id);
    }

    private static MemoryLabels Answer(Study study, NeuronId id) => new(id.ToString(), Of(study, id));

    private static NeuronId IdOf(string? memory) => NeuronId.TryParse(memory, out NeuronId id)
        ? id
        : throw new RequestRefusedException(StatusCodes.Status400BadRequest, "KH7004", "The field 'memory' names a memory, such as L12N3456.");
}
