using Keyhole.Exports;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;
using Keyhole.Web.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Keyhole.Web.Overview;

/// <summary>The study as a whole.</summary>
internal static class StudyEndpoints
{
    /// <summary>Maps the endpoints.</summary>
    public static void Map(RouteGroupBuilder api)
        => api.MapGet("/study", (StudyPool studies, ModelRunner models) => Summary(studies, models)).WithName("Study").WithSummary("The study, its model and what is known of them.").Produces<StudySummary>().WithQuery();

    private static StudySummary Summary(StudyPool studies, ModelRunner models)
    {
        using StudyLease lease = studies.Rent();
        return Summary(lease.Study, Path.GetFileName(studies.FilePath), models.State, models.Reason);
    }

    /// <summary>What every page needs to know of a study.</summary>
    public static StudySummary Summary(Study study, string name, ModelState model, string? reason) => new()
    {
        Name = name,
        Family = study.Provenance.ModelFamily,
        Layers = study.Shape.Layers,
        Widths = study.Shape.Widths,
        Experts = study.Shape.Experts,
        ModelWidth = study.Shape.ModelWidth,
        VocabularySize = study.Shape.VocabularySize,
        Activation = study.Shape.Activation,
        Gated = study.Shape.Gated,
        Poles = [.. MemoryJson.Poles(study.Shape).ToArray().Select(MemoryJson.Name)],
        Units = study.UnitCount,
        Tokens = study.TokenCount,
        Sections = [.. AnalysisSections.WithCompat.Where(section => AnalysisSections.Read(study, section) is not null)],
        Model = model.ToString().ToLowerInvariant(),
        ModelReason = reason,
        Version = study.Provenance.ProgramVersion,
    };
}
