using System.Collections.Immutable;
using Keyhole.Engine;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;
using Keyhole.Values;

namespace Keyhole.Search;

/// <summary>Finds the memories whose values promote or demote a token.</summary>
internal static class ValueSearch
{
    /// <summary>Adds the memories to a result.</summary>
    /// <param name="study">The study.</param>
    /// <param name="options">What to look for.</param>
    /// <param name="required">Whether a study without values is refused (KH5813).</param>
    /// <param name="result">What was found so far.</param>
    public static SearchResult Run(Study study, SearchOptions options, bool required, SearchResult result)
    {
        if (!ValueTable.IsIn(study))
        {
            return required
                ? throw new InputRefusedException("KH5813", "this study has no values to search: run 'keyhole analyze' on it, or search triggers (--in triggers).")
                : result;
        }

        Dictionary<int, string> tokens = Tokens(study, options.Query!, options.IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
        var promoting = new List<ValueMatch>();
        var demoting = new List<ValueMatch>();
        foreach (ValueEnds value in ValueTable.Naming(study, tokens.Keys).Where(value => options.Layers?.Contains(value.Id.Layer) != false))
        {
            promoting.AddRange(Best(value, value.Top, tokens));
            demoting.AddRange(Best(value, value.Bottom, tokens));
        }

        return result with
        {
            SearchedValues = true,
            Promoting = [.. promoting.OrderBy(match => match.Rank).ThenByDescending(match => match.Probability).ThenBy(match => match.Id).Take(options.Limit)],
            PromotingCount = promoting.Count,
            Demoting = [.. demoting.OrderBy(match => match.Rank).ThenBy(match => match.Probability).ThenBy(match => match.Id).Take(options.Limit)],
            DemotingCount = demoting.Count,
        };
    }

    // Tokens whose text is the query, or a space and the query.
    private static Dictionary<int, string> Tokens(Study study, string query, StringComparison comparison)
    {
        string spaced = " " + query;
        return study.Query("SELECT id, text FROM token", row => (Id: row.GetInt32(0), Text: row.GetString(1)))
            .Where(token => token.Text.Equals(query, comparison) || token.Text.Equals(spaced, comparison))
            .ToDictionary(token => token.Id, token => token.Text);
    }

    private static IEnumerable<ValueMatch> Best(ValueEnds value, ImmutableArray<TokenLogit> end, Dictionary<int, string> tokens)
    {
        for (int rank = 0; rank < end.Length; rank++)
        {
            if (tokens.TryGetValue(end[rank].Token, out string? text))
            {
                yield return new ValueMatch(value.Id, end[rank].Token, text, rank, end[rank].Logit, Math.Exp(end[rank].Logit - value.LogSumExp));
                yield break;
            }
        }
    }
}
