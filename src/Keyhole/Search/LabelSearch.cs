using Keyhole.Annotations;
using Keyhole.Engine;
using Keyhole.Studies;

namespace Keyhole.Search;

/// <summary>Finds the labels that hold the words of a query, one after the other; the last word may be the beginning of one, so that results come as somebody types.</summary>
internal static class LabelSearch
{
    /// <summary>Adds the labels to a result.</summary>
    /// <param name="study">The study.</param>
    /// <param name="options">What to look for.</param>
    /// <param name="phrase">The query's words, or null where it has none.</param>
    /// <param name="result">What was found so far.</param>
    public static SearchResult Run(Study study, SearchOptions options, Phrase? phrase, SearchResult result)
    {
        if (!LabelTable.Any(study))
        {
            return options.In == SearchPlaces.Labels
                ? throw new InputRefusedException("KH5815", "this study has no labels to search: annotate it in the browser ('keyhole serve'), or import annotations ('keyhole annotations').")
                : result;
        }

        LabelMatch[] found = phrase is null ? [] : [.. LabelTable.Candidates(study, phrase.ToPrefixQuery())
            .Where(label => options.Layers?.Contains(label.Memory.Layer) != false)
            .Select(label => (Label: label, Places: phrase.FindBeginning(TextWord.Of(label.Text))))
            .Where(match => match.Places.Count > 0)
            .Select(match => new LabelMatch(match.Label, match.Places[0].Start..match.Places[0].End))];
        return result with { SearchedLabels = true, Labels = [.. found.Take(options.Limit)], LabelsCount = found.Length };
    }
}
