using System.Globalization;
using Keyhole.Search;
using Keyhole.Studies;
using Keyhole.Web.Serving;
using Microsoft.AspNetCore.Http;

namespace Keyhole.Web.Searching;

/// <summary>The fields of a search, as they come.</summary>
/// <param name="Q">A token, or words.</param>
/// <param name="In">Where to look: values, triggers, both of them, labels or all, which is the default.</param>
/// <param name="Regex">A pattern that prefixes match.</param>
/// <param name="Target">The token after the prefix.</param>
/// <param name="IgnoreCase">Whether capitals do not matter.</param>
/// <param name="Layers">Such as <c>0,4,8-11</c>.</param>
/// <param name="Limit">Most results of each list.</param>
internal sealed record SearchFields(string? Q, string? In, string? Regex, string? Target, bool? IgnoreCase, string? Layers, int? Limit)
{
    /// <summary>Characters of a text to look for.</summary>
    public const int LongestText = 200;

    /// <summary>Results of each list.</summary>
    public const int MostResults = 500;

    /// <summary>Results of each list where it is not said.</summary>
    public const int DefaultResults = 20;

    /// <summary>The search that they ask for.</summary>
    /// <exception cref="RequestRefusedException">KH7403: a field is not what it may be; KH7404: nothing to look for, or fields that contradict each other.</exception>
    public SearchOptions ToOptions(ModelShape shape)
    {
        foreach ((string name, string? text) in ((string, string?)[])[("q", Q), ("regex", Regex), ("target", Target), ("layers", Layers)])
        {
            if (text?.Length > LongestText)
            {
                throw Refused($"The field '{name}' has more than {LongestText} characters.");
            }
        }

        SearchPlaces places = In switch
        {
            null or "" or "all" => SearchPlaces.All,
            "both" => SearchPlaces.Both,
            "values" => SearchPlaces.Values,
            "triggers" => SearchPlaces.Triggers,
            "labels" => SearchPlaces.Labels,
            _ => throw Refused("The field 'in' is one of: values, triggers, both, labels, all."),
        };
        if (Limit is < 1 or > MostResults)
        {
            throw Refused($"The field 'limit' is a number from 1 to {MostResults}.");
        }

        var options = new SearchOptions
        {
            Query = Given(Q),
            In = places,
            Regex = Given(Regex),
            Target = Given(Target),
            IgnoreCase = IgnoreCase ?? false,
            Layers = Given(Layers) is { } layers ? LayersOf(layers, shape.Layers) : null,
            Limit = Limit ?? DefaultResults,
        };
        return options switch
        {
            { Query: null, Regex: null, Target: null } => throw Contradiction("There is nothing to look for: give words, a pattern or a target."),
            { In: SearchPlaces.Values or SearchPlaces.Labels, Regex: not null } or { In: SearchPlaces.Values or SearchPlaces.Labels, Target: not null } => throw Contradiction("A pattern or a target speaks of triggers: look there, or leave it out."),
            _ => options,
        };
    }

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private static SortedSet<int> LayersOf(string text, int count)
    {
        var layers = new SortedSet<int>();
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            string[] ends = part.Split('-', StringSplitOptions.TrimEntries);
            if (ends.Length > 2 || !Number(ends[0], out int first) || !Number(ends[^1], out int last) || last < first || last >= count)
            {
                throw Refused($"The field 'layers' names layers from 0 to {count - 1}, such as 0,2-3.");
            }

            layers.UnionWith(Enumerable.Range(first, last - first + 1));
        }

        return layers;
    }

    private static bool Number(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static RequestRefusedException Refused(string sentence) => new(StatusCodes.Status400BadRequest, "KH7403", sentence);

    private static RequestRefusedException Contradiction(string sentence) => new(StatusCodes.Status400BadRequest, "KH7404", sentence);
}
