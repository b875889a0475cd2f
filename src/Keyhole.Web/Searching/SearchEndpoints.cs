using System.Diagnostics;
using Keyhole.Annotations;
using Keyhole.Exports;
using Keyhole.Search;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;
using Keyhole.Web.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Keyhole.Web.Searching;

/// <summary>The search of the command, for a page that asks with every letter.</summary>
internal static class SearchEndpoints
{
    private const int ShownBefore = 80;    // UTF-16 units of a prefix before the match
    private const int LongestPart = 240;   // of a match, and of what follows it

    /// <summary>Maps the endpoint.</summary>
    public static void Map(RouteGroupBuilder api)
        => api.MapGet("/search", Search).WithName("Search").WithSummary("Memories whose values promote or demote a token, and those whose triggers hold words or match a pattern, or whose labels hold words.")
            .Produces<SearchAnswer>().WithQuery("q", "in", "regex", "target", "ignoreCase", "layers", "limit");

    private static Task<SearchAnswer> Search(string? q, string? @in, string? regex, string? target, bool? ignoreCase, string? layers, int? limit, StudyPool studies, SearchGate gate, CancellationToken aborted)
    {
        var fields = new SearchFields(q, @in, regex, target, ignoreCase, layers, limit);
        return gate.Run(stop =>
        {
            using StudyLease lease = studies.Rent();
            return Run(lease.Study, fields.ToOptions(lease.Study.Shape), stop);
        }, aborted);
    }

    private static SearchAnswer Run(Study study, SearchOptions options, CancellationToken stop)
    {
        long start = Stopwatch.GetTimestamp();
        bool onlyTriggers = options.Regex is not null || options.Target is not null;
        bool values = ValueTable.IsIn(study);
        var notes = new List<string>();
        if (!values && !onlyTriggers && options.In.HasFlag(SearchPlaces.Values))
        {
            notes.Add("The study has no values yet, so tokens that they promote are not found: 'keyhole analyze STUDY --only values' adds them.");
        }

        if (!TriggerIndex.IsIn(study) && (onlyTriggers || options.In.HasFlag(SearchPlaces.Triggers)))
        {
            notes.Add("The study has no index of words, so searching triggers takes longer: 'keyhole analyze STUDY --only index' adds it.");
        }

        if (options.In == SearchPlaces.Values && !values)
        {
            return new SearchAnswer { Notes = notes, ElapsedMs = Stopwatch.GetElapsedTime(start).TotalMilliseconds };
        }

        SearchResult result = StudySearch.Run(study, options, progress: null, stop);
        return new SearchAnswer
        {
            Promoting = result.SearchedValues ? Describe(result.PromotingCount, result.Promoting) : null,
            Demoting = result.SearchedValues ? Describe(result.DemotingCount, result.Demoting) : null,
            Triggers = result.SearchedTriggers ? new TriggerMatches(result.TriggersCount, [.. result.Triggers.Select(Describe)]) : null,
            Labels = result.SearchedLabels ? new LabelMatches(result.LabelsCount, [.. result.Labels.Select(Describe)]) : null,
            Notes = notes,
            ElapsedMs = Stopwatch.GetElapsedTime(start).TotalMilliseconds,
        };
    }

    private static LabelFound Describe(LabelMatch match) => new(match.Label.Memory.ToString(), match.Label.Text[..match.Place.Start], match.Label.Text[match.Place], match.Label.Text[match.Place.End..],
        AnnotationText.Of(match.Label.Kind), match.Label.Annotator, match.Label.IsBlind);

    private static ValueMatches Describe(int count, IReadOnlyList<ValueMatch> matches)
        => new(count, [.. matches.Select(match => new ValueFound(match.Id.ToString(), match.Text, match.Rank, match.Logit, match.Probability))]);

    private static TriggerFound Describe(TriggerMatch match)
    {
        string prefix = match.Prefix;
        (int start, int end) = (match.Place.Start.Value, match.Place.End.Value);
        int from = Whole(prefix, Math.Max(0, start - ShownBefore));
        return new TriggerFound
        {
            Id = match.Id.ToString(),
            Pole = MemoryJson.Name(match.Pole),
            Matches = match.Matches,
            Triggers = match.Triggers,
            Rank = match.BestRank,
            Coefficient = match.Best.Coefficient,
            Before = prefix[from..start],
            Match = Shortened(prefix[start..end]),
            After = Shortened(prefix[end..]),
            Cut = from > 0,
            Target = match.Target,
        };
    }

    // Both ends of what is long: a pattern may match a whole text.
    private static string Shortened(string text) => text.Length <= LongestPart
        ? text
        : $"{text[..Whole(text, LongestPart / 2)]} … {text[Whole(text, text.Length - (LongestPart / 2))..]}";

    // An index that does not lie within a pair of surrogates.
    private static int Whole(string text, int index) => index > 0 && index < text.Length && char.IsLowSurrogate(text[index]) ? index + 1 : index;
}
