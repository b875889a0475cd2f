using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Keyhole.Annotations;
using Keyhole.Studies;
using Keyhole.Web.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Keyhole.Web.Annotating;

/// <summary>Blind annotation. Until the results are opened, no answer tells of which layer, memory or kind a sheet is, not by an order or a name either.</summary>
internal static class AnnotationEndpoints
{
    /// <summary>Most bytes of a file that is imported.</summary>
    public const int MostImportBytes = 32 << 20;

    private const string Lines = "application/x-ndjson";

    /// <summary>Maps the endpoints.</summary>
    public static void Map(RouteGroupBuilder api)
    {
        RouteGroupBuilder annotate = api.MapGroup("/annotate");
        annotate.MapGet("", State).WithName("Annotation").WithSummary("The annotation project and how far its annotators are.").Produces<AnnotationState>().WithQuery();
        annotate.MapPost("/project", Create).WithName("CreateProject").WithSummary("Draws the sheets of a project; refused where someone has annotated already.").Produces<AnnotationState>().WithQuery();
        annotate.MapGet("/sheets", Sheets).WithName("Sheets").WithSummary("An annotator's sheets, in an order of the annotator's own.").Produces<AnnotatorSheets>().WithQuery("annotator");
        annotate.MapGet("/sheets/{id}", Sheet).WithName("Sheet").WithSummary("A sheet's prefixes and what its annotator has written.").Produces<SheetPage>().WithQuery("annotator");
        annotate.MapPost("/sheets/{id}", Save).WithName("SaveSheet").WithSummary("Keeps what an annotator has written; a repeat changes nothing, an older save is refused.").Produces<SaveAnswer>().WithQuery();
        annotate.MapPost("/results", Open).WithName("OpenResults").WithSummary("Opens the results, which ends blindness: the time is put down.").Produces<AnnotationState>().WithQuery();
        annotate.MapGet("/results", Results).WithName("AnnotationResults").WithSummary("Agreement, true lists beside decoys, and patterns by layer; once the results are open.").Produces(StatusCodes.Status200OK, contentType: "application/json").WithQuery();
        annotate.MapGet("/export", Export).WithName("ExportAnnotations").WithSummary("All annotations and labels as JSON lines; once the results are open.").Produces(StatusCodes.Status200OK, contentType: Lines).WithQuery();
        annotate.MapPost("/import", Import).WithName("ImportAnnotations").WithSummary("Takes annotations and labels from exported JSON lines: all, or none where a line is refused.")
            .Produces<ImportAnswer>().WithQuery().WithMetadata(new BodyLimit(MostImportBytes));
        LabelEndpoints.Map(annotate);
    }

    private static AnnotationState State(StudyPool studies, AnnotationDesk desk)
    {
        using StudyLease lease = studies.Rent();
        return StateOf(lease.Study, desk);
    }

    private static Task<AnnotationState> Create(ProjectRequest request, StudyPool studies, AnnotationDesk desk, CancellationToken aborted) => desk.RunLong(() =>
    {
        var paper = new AnnotationOptions();
        using StudyLease lease = studies.Rent();
        desk.Store.Create(lease.Study, new AnnotationOptions
        {
            PerLayer = request.PerLayer ?? paper.PerLayer,
            Prefixes = request.Prefixes ?? paper.Prefixes,
            Decoys = request.Decoys ?? paper.Decoys,
            Context = request.Context ?? paper.Context,
            Seed = SeedOf(request.Seed),
            Layers = request.Layers is null ? null : [.. request.Layers.Distinct().Order()],
        }, aborted);
        return Task.FromResult(StateOf(lease.Study, desk));
    }, aborted);

    private static AnnotatorSheets Sheets(string? annotator, StudyPool studies, AnnotationDesk desk)
    {
        string name = AnnotationRules.Name(annotator);
        using StudyLease lease = studies.Rent();
        Dictionary<string, bool> done = DoneBy(lease.Study, name);
        return new AnnotatorSheets(name, [.. desk.Required(lease.Study).OrderFor(name).Select(sheet => new SheetState(sheet.Id, done.TryGetValue(sheet.Id, out bool isDone) ? isDone ? "done" : "begun" : "new"))]);
    }

    private static SheetPage Sheet(string id, string? annotator, StudyPool studies, AnnotationDesk desk)
    {
        string name = AnnotationRules.Name(annotator);
        using StudyLease lease = studies.Rent();
        Study study = lease.Study;
        AnnotationProject project = desk.Required(study);
        ImmutableArray<Sheet> order = project.OrderFor(name);
        int at = project.Find(id) is { } sheet ? order.IndexOf(sheet) : throw NoSheet();
        Dictionary<string, bool> done = DoneBy(study, name);
        Sheet? nextOpen = order[(at + 1)..].Concat(order[..at]).FirstOrDefault(other => !done.GetValueOrDefault(other.Id));
        Annotation? kept = AnnotationTable.Read(study, name, id);
        return new SheetPage(id, name, at + 1, order.Length, done.Values.Count(isDone => isDone),
            at > 0 ? order[at - 1].Id : null, at + 1 < order.Length ? order[at + 1].Id : null, nextOpen?.Id,
            [.. sheet.Prefixes.Select(prefix => SheetText.Of(study, prefix, project.Options.Context)).Select(text => new PrefixText(text.Before, text.Last, text.IsCut))],
            kept is null ? null : new SheetAnnotation(kept.Revision, [.. kept.Patterns.Select(pattern => new PatternText(pattern.Text, AnnotationText.Of(pattern.Kind), pattern.Prefixes))], kept.Note, kept.Done));
    }

    private static async Task<SaveAnswer> Save(string id, SaveRequest request, AnnotationDesk desk)
    {
        SaveResult result = await desk.Save(new AnnotationSave
        {
            Annotator = request.Annotator,
            Sheet = id,
            Revision = request.Revision,
            Key = request.Key,
            Patterns = [.. (request.Patterns ?? []).Select(PatternOf)],
            Note = request.Note ?? string.Empty,
            Done = request.Done,
        });
        return result.Outcome switch
        {
            SaveOutcome.Saved => new SaveAnswer("saved", result.Revision),
            SaveOutcome.Repeated => new SaveAnswer("repeated", result.Revision),
            SaveOutcome.Older => throw new RequestRefusedException(StatusCodes.Status409Conflict, "KH7301", "This sheet was saved from another window in the meantime, so this save is not kept. Load the page again to see what is."),
            _ when result.Refusal is { Code: "KH5407" } => throw NoSheet(),
            _ => throw result.Refusal!,
        };
    }

    private static AnnotationState Open(StudyPool studies, AnnotationDesk desk)
    {
        using StudyLease lease = studies.Rent();
        if (desk.Required(lease.Study).Opened is null)
        {
            desk.Store.OpenResults();
        }

        return StateOf(lease.Study, desk);
    }

    private static Task<IResult> Results(StudyPool studies, AnnotationDesk desk, CancellationToken aborted) => desk.RunLong(() =>
    {
        using StudyLease lease = studies.Rent();
        RequireOpen(lease.Study, desk);
        using MemoryStream body = new();
        using (Utf8JsonWriter json = new(body))
        {
            AnnotationJson.Write(json, AnnotationResults.Of(lease.Study)!);
        }

        return Task.FromResult(Microsoft.AspNetCore.Http.Results.Bytes(body.ToArray(), "application/json; charset=utf-8"));
    }, aborted);

    private static Task<IResult> Export(StudyPool studies, AnnotationDesk desk, CancellationToken aborted) => desk.RunLong(() =>
    {
        using StudyLease lease = studies.Rent();
        if (desk.Project(lease.Study) is not null)
        {
            RequireOpen(lease.Study, desk);
        }

        MemoryStream body = new();
        AnnotationExport.Write(lease.Study, body);
        body.Position = 0;
        return Task.FromResult(Microsoft.AspNetCore.Http.Results.Stream(body, Lines, $"{Path.GetFileNameWithoutExtension(studies.FilePath)}.annotations.jsonl"));
    }, aborted);

    private static Task<ImportAnswer> Import(HttpRequest request, StudyPool studies, AnnotationDesk desk, CancellationToken aborted) => desk.RunLong(async () =>
    {
        using MemoryStream file = new();
        await request.Body.CopyToAsync(file, aborted);
        file.Position = 0;
        using StudyLease lease = studies.Rent();
        ImportResult result = AnnotationImport.Run(desk.Store, lease.Study, "The file", file);
        return new ImportAnswer(result.MadeProject, result.Added, result.Replaced, result.Same, result.Older, result.Labels);
    }, aborted);

    private static AnnotationState StateOf(Study study, AnnotationDesk desk)
    {
        AnnotationProject? project = desk.Project(study);
        return new AnnotationState(
            project is null ? null : new ProjectSummary(project.Sheets.Length, project.Options.PerLayer, project.Options.Decoys, project.Options.Prefixes, project.Options.Context,
                project.Options.Seed.ToString(CultureInfo.InvariantCulture), project.Created, project.Opened),
            [.. AnnotationTable.Progress(study).GroupBy(row => row.Annotator).Select(rows => new AnnotatorProgress(rows.Key, rows.Count(), rows.Count(row => row.Done)))]);
    }

    private static void RequireOpen(Study study, AnnotationDesk desk)
    {
        if (desk.Required(study).Opened is null)
        {
            throw new RequestRefusedException(StatusCodes.Status409Conflict, "KH7302", "The results are not open yet: opening them, on the page of results, shows which sheet is which memory and ends blindness.");
        }
    }

    private static Dictionary<string, bool> DoneBy(Study study, string annotator)
        => AnnotationTable.Progress(study, annotator).ToDictionary(row => row.Sheet, row => row.Done, StringComparer.Ordinal);

    private static AnnotationPattern PatternOf(PatternText? pattern)
        => new(pattern?.Text ?? string.Empty, KindOf(pattern?.Kind), [.. pattern?.Prefixes ?? []]);

    /// <summary>A kind by its name.</summary>
    /// <exception cref="RequestRefusedException">There is none of this name.</exception>
    internal static PatternKind KindOf(string? kind) => kind switch
    {
        "shallow" => PatternKind.Shallow,
        "syntactic" => PatternKind.Syntactic,
        "semantic" => PatternKind.Semantic,
        _ => throw new RequestRefusedException(StatusCodes.Status400BadRequest, "KH7004", "A pattern's kind is shallow, syntactic or semantic."),
    };

    private static ulong SeedOf(string? seed) => string.IsNullOrWhiteSpace(seed) ? 0
        : ulong.TryParse(seed, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) ? number
        : throw new RequestRefusedException(StatusCodes.Status400BadRequest, "KH7004", "The seed is a whole number from 0, in digits.");

    private static RequestRefusedException NoSheet()
        => new(StatusCodes.Status404NotFound, "KH7303", "The annotation project has no such sheet; open the page 'Annotate' again.");
}
