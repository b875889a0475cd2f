using Keyhole.Reports;
using Keyhole.Reports.Contents;
using Keyhole.Reports.Figures;
using Keyhole.Reports.Pages;
using Keyhole.Studies;
using Keyhole.Web.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Keyhole.Web.Overview;

/// <summary>Where the study comes from, and the report's figures for it.</summary>
internal static class FigureEndpoints
{
    // Full paths of the machine where the study was made: the report, which stays with its reader, has them; a server that others reach does not tell them.
    private static readonly string[] s_ownPaths = ["run option " + StudyRun.ModelLocation, "run option " + StudyRun.CorpusLocation];

    /// <summary>Maps the endpoints.</summary>
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/provenance", Provenance).WithName("Provenance").WithSummary("Where the study comes from: model, corpus, options, run, and what its analysis was made with.").Produces<ProvenanceAnswer>().WithQuery();
        api.MapGet("/figures", Figures).WithName("Figures").WithSummary("The paper's figures for this study, as Vega-Lite specifications with captions.").Produces<FiguresAnswer>().WithQuery();
    }

    /// <summary>Makes the figures of a study.</summary>
    public static IReadOnlyList<FigureAnswer> Make(Study study, CancellationToken stop)
    {
        ReportModel report = ReportContents.ReadAny(study, new ReportOptions(), stop);
        return [.. ReportFigures.Of(report).Where(figure => figure.Number.Length > 0 || figure.IsDrawn).Select(figure => new FigureAnswer
        {
            Key = figure.Key,
            Number = figure.Number,
            Title = figure.Title,
            Caption = figure.Caption,
            Published = figure.Published,
            Missing = figure.IsDrawn ? null : FigureParts.Sentence(report, figure.Section),
            Columns = figure.Table.Columns,
            Spec = figure.IsDrawn ? figure.Spec() : null,
        })];
    }

    private static ProvenanceAnswer Provenance(StudyPool studies)
    {
        using StudyLease lease = studies.Rent();
        Study study = lease.Study;
        return new ProvenanceAnswer(
        [
            .. ProvenanceFacts.Of(study.Provenance, study.Counts(), study.Files)
                .Select(group => new ProvenanceGroup(group.Title, [.. group.Facts.Where(fact => !s_ownPaths.Contains(fact.Name)).Select(fact => new ProvenanceFact(fact.Name, fact.Value))])),
            .. ReportContents.Notes(study).Where(note => note.Options is not null)
                .Select(note => new ProvenanceGroup($"Analysis: {note.Name}", [.. note.Options!.Select(option => new ProvenanceFact(option.Key, option.Value))])),
        ]);
    }

    private static async Task<IResult> Figures(StudyCache<IReadOnlyList<FigureAnswer>> figures, HttpContext context)
    {
        (IReadOnlyList<FigureAnswer> made, string tag) = await figures.Get(context.RequestAborted);
        return TaggedAnswer.IsKnown(context, tag) ? Results.StatusCode(StatusCodes.Status304NotModified) : Results.Ok(new FiguresAnswer(tag.Trim('"'), made));
    }
}
