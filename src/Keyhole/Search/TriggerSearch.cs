using System.Collections.Immutable;
using Keyhole.Engine;
using Keyhole.Memories;
using Keyhole.Studies;

namespace Keyhole.Search;

/// <summary>Finds the memories whose triggers match: the phrase and the pattern inside the prefix, the target after it.</summary>
internal static class TriggerSearch
{
    /// <summary>Adds the memories to a result.</summary>
    /// <param name="study">The study.</param>
    /// <param name="options">What to look for.</param>
    /// <param name="phrase">The query's words, or null.</param>
    /// <param name="result">What was found so far.</param>
    /// <param name="progress">Told the share that is done, or null.</param>
    /// <param name="cancellation">Stops the search.</param>
    public static SearchResult Run(Study study, SearchOptions options, Phrase? phrase, SearchResult result, IProgress<double>? progress, CancellationToken cancellation)
    {
        PrefixPattern? pattern = options.Regex is { } regex ? PrefixPattern.Parse(regex, options.IgnoreCase) : null;
        ImmutableArray<NeuronId> names = study.Names;
        var found = new Hit[2 * names.Length];   // the positive and the negative pole of each memory: a word that stands everywhere meets most of them, many times
        int count = 0;
        foreach ((StudyUnit unit, List<TriggerPlace> places) in TriggerUnits.Of(study, phrase, progress, cancellation))
        {
            var prefixes = new UnitPrefixes(study, unit, phrase, pattern, options);
            foreach (TriggerPlace place in places)
            {
                if (place.Memory >= names.Length)
                {
                    throw new InputRefusedException("KH5105", $"the study is damaged: its index names memory {place.Memory} of {names.Length}; run 'keyhole analyze' on it again.");
                }

                if (options.Layers?.Contains(names[place.Memory].Layer) != false && prefixes.Match(place.Position) is { } match)
                {
                    ref Hit hit = ref found[(2 * place.Memory) + (place.Pole == Pole.Positive ? 0 : 1)];
                    count += hit.Matches == 0 ? 1 : 0;
                    hit = hit.Matches == 0 || place.Rank < hit.Rank ? new Hit(hit.Matches + 1, place.Rank, match) : hit with { Matches = hit.Matches + 1 };
                }
            }
        }

        IEnumerable<int> best = Enumerable.Range(0, found.Length).Where(i => found[i].Matches > 0)
            .OrderByDescending(i => found[i].Matches).ThenBy(i => found[i].Rank).ThenBy(i => i).Take(options.Limit);
        return result with
        {
            SearchedTriggers = true,
            Triggers = [.. best.Select(i => Describe(study, names[i / 2], i % 2 == 0 ? Pole.Positive : Pole.Negative, found[i]))],
            TriggersCount = count,
        };
    }

    private static TriggerMatch Describe(Study study, NeuronId id, Pole pole, Hit hit)
    {
        MemoryRecord? memory = study.Memory(id);
        if (memory is null || hit.Rank >= memory.Triggers(pole).Length)
        {
            throw new InputRefusedException("KH5105", $"the study is damaged: its index names trigger {hit.Rank} of {id}, which it does not have; run 'keyhole analyze' on it again.");
        }

        Trigger trigger = memory.Triggers(pole)[hit.Rank];
        StudyUnit unit = study.UnitOf(id, trigger);
        string prefix = TriggerText.Prefix(unit, trigger.Position);
        return new TriggerMatch
        {
            Id = id,
            Pole = pole,
            Matches = hit.Matches,
            Triggers = memory.Triggers(pole).Length,
            BestRank = hit.Rank,
            Best = trigger,
            Prefix = prefix,
            Target = TriggerText.Target(unit, trigger, study.TokenPiece),
            Place = Math.Min(hit.Place.Start, prefix.Length)..Math.Min(hit.Place.End, prefix.Length),
        };
    }

    private readonly record struct Hit(int Matches, int Rank, (int Start, int End) Place);
}
