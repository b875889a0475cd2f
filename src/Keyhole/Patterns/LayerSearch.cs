namespace Keyhole.Patterns;

/// <summary>Finds what the lists of one layer share, and holds it against decoys of both kinds.</summary>
internal sealed class LayerSearch
{
    private readonly PatternReference _reference;
    private readonly PatternNames _names;
    private readonly PatternOptions _options;
    private readonly ParallelOptions _parallel;

    /// <param name="reference">The corpus.</param>
    /// <param name="names">Names patterns.</param>
    /// <param name="options">How patterns are found.</param>
    /// <param name="cancellation">Stops it.</param>
    public LayerSearch(PatternReference reference, PatternNames names, PatternOptions options, CancellationToken cancellation)
    {
        _reference = reference;
        _names = names;
        _options = options;
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellation };
    }

    /// <summary>The outcomes of a layer's lists and of its decoys.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="lists">The lists of its memories, both poles.</param>
    public LayerOutcome Run(int layer, IReadOnlyList<TriggerList> lists)
    {
        PrefixPlace[][] templates = [.. lists.Where(list => list.Prefixes.Length >= ListScorer.Least).OrderBy(list => list.ContentHash()).Select(list => list.Prefixes)];
        int decoys = templates.Length == 0 ? 0 : _options.Decoys;
        var draws = new DecoyLists(_reference, templates, _options.Seed, layer);
        ScoredList[] real = Score(lists.Count, (i, scorer) => Score(scorer, (lists[i].Prefixes, ClassSet.All)));
        ScoredList[] random = Score(decoys, (i, scorer) => Score(scorer,
            (draws.OfTokens(i), PatternClasses.Contents), (draws.OfLengths(i), PatternClasses.Ends), (draws.OfAny(i), PatternClasses.Lengths)));
        ScoredList[] shuffled = Score(decoys, (i, scorer) => Score(scorer, (draws.Shuffled(i), ClassSet.All)));
        DecoyScale[] scales = [new DecoyScale([.. random.Select(list => list.Best())]), new DecoyScale([.. shuffled.Select(list => list.Best())])];
        return new LayerOutcome(layer,
            [.. real.Select((list, i) => Test(list, scales, lists[i]))],
            [.. random.Select(list => Test(list, scales, null))],
            [.. shuffled.Select(list => Test(list, scales, null))]);
    }

    private ScoredList[] Score(int count, Func<int, ListScorer, ScoredList> score)
    {
        var scored = new ScoredList[count];
        Parallel.For(0, count, _parallel, () => new ListScorer(_reference), (i, _, scorer) =>
        {
            scored[i] = score(i, scorer);
            return scorer;
        }, _ => { });
        return scored;
    }

    // Where classes are looked for in several lists, the first says how much evidence there is.
    private static ScoredList Score(ListScorer scorer, params ReadOnlySpan<(PrefixPlace[] List, ClassSet Classes)> parts)
    {
        List<PatternCandidate> candidates = [];
        int evidence = -1;
        foreach ((PrefixPlace[] list, ClassSet classes) in parts)
        {
            scorer.Score(list, classes, candidates);
            evidence = evidence < 0 ? scorer.Evidence : evidence;
        }

        return new ScoredList { Prefixes = parts[0].List.Length, Evidence = evidence, Candidates = candidates };
    }

    private ListOutcome Test(ScoredList scored, DecoyScale[] scales, TriggerList? list)
    {
        List<TestedPattern> kept = [];
        double smallest = 1;
        foreach (PatternCandidate candidate in scored.Candidates)
        {
            double p = scales.Max(scale => scale.P(candidate));
            smallest = Math.Min(smallest, p);
            if (p <= _options.Rate)
            {
                kept.Add(new TestedPattern(candidate, p, list is null ? string.Empty : _names.Of(candidate, list.Prefixes)));
            }
        }

        return new ListOutcome(list?.Name, scored.Prefixes, scored.Evidence, scored.Apparent, scored.IsTested ? smallest : double.NaN, kept);
    }
}
