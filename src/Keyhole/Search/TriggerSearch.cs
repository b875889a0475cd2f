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
        // Unordered, the names come from SQLite's index of them; ordered, from rows that hold all triggers.
        NeuronId[] names = [.. study.Query("SELECT id, layer, expert, neuron FROM memory", row => (Row: row.GetInt64(0), Id: new NeuronId(row.GetInt32(1), row.GetInt32(3), row.GetInt32(2))))
            .OrderBy(name => name.Row).Select(name => name.Id)];
        var found = new Dictionary<(int Memory, Pole Pole), Hit>();
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
                    Hit hit = found.GetValueOrDefault((place.Memory, place.Pole), new Hit(0, int.MaxValue, default));
                    found[(place.Memory, place.Pole)] = place.Rank < hit.Rank
                        ? new Hit(hit.Matches + 1, place.Rank, match)
                        : hit with { Matches = hit.Matches + 1 };
                }
            }
        }

        IEnumerable<KeyValuePair<(int Memory, Pole Pole), Hit>> best = found
            .OrderByDescending(pair => pair.Value.Matches).ThenBy(pair => pair.Value.Rank).ThenBy(pair => pair.Key).Take(options.Limit);
        return result with
        {
            SearchedTriggers = true,
            Triggers = [.. best.Select(pair => Describe(study, names[pair.Key.Memory], pair.Key.Pole, pair.Value))],
            TriggersCount = found.Count,
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
