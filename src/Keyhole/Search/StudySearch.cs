using Keyhole.Engine;
using Keyhole.Studies;

namespace Keyhole.Search;

/// <summary>Searches a study: tokens among values, words and patterns among triggers, words among labels.</summary>
public static class StudySearch
{
    /// <summary>Searches.</summary>
    /// <param name="study">The study.</param>
    /// <param name="options">What to look for.</param>
    /// <param name="progress">Told the share that is done, or null.</param>
    /// <param name="cancellation">Stops the search.</param>
    /// <exception cref="InputRefusedException">
    /// KH5105: the study is damaged; KH5810 and KH5811: the pattern cannot be read, or takes too long; KH5812: the query has no word; KH5813: the study has no values;
    /// KH5814: nothing to look for; KH5815: the study has no labels.
    /// </exception>
    public static SearchResult Run(Study study, SearchOptions options, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Limit);
        bool onlyTriggers = options.Regex is not null || options.Target is not null;
        if (options.Query is null && !onlyTriggers)
        {
            throw new InputRefusedException("KH5814", "nothing to search for: give a QUERY, --regex or --target.");
        }

        if (!options.In.HasFlag(SearchPlaces.Triggers) && onlyTriggers)
        {
            throw new InputRefusedException("KH5814", "--regex and --target speak of triggers, and --in leaves these out: give a QUERY alone, or another --in.");
        }

        SearchResult result = new() { SearchedValues = false, SearchedTriggers = false };
        if (options.In.HasFlag(SearchPlaces.Values) && !onlyTriggers)
        {
            result = ValueSearch.Run(study, options, required: options.In == SearchPlaces.Values, result);
        }

        cancellation.ThrowIfCancellationRequested();
        if (options.In == SearchPlaces.Values)
        {
            return result;
        }

        // A mark such as '.' is a token but no word: beside values it is looked for in these alone.
        Phrase? phrase = options.Query is not { } query ? null : result.SearchedValues ? Phrase.TryParse(query) : Phrase.Parse(query);
        if (options.In.HasFlag(SearchPlaces.Labels) && !onlyTriggers)
        {
            result = LabelSearch.Run(study, options, phrase, result);
        }

        if (options.In.HasFlag(SearchPlaces.Triggers) && (phrase is not null || onlyTriggers))
        {
            result = TriggerSearch.Run(study, options, phrase, result, progress, cancellation);
        }

        return result;
    }
}
