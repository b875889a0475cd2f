using Keyhole.Engine.Models;
using Keyhole.Memories;
using Keyhole.Mining;
using Keyhole.Mining.Sampling;
using Keyhole.Studies;

namespace Keyhole.Verification.Studies;

/// <summary>What is checked of the memories of one study, by itself and mined again: of the study that is verified, or of a null beside it, which has the same units.</summary>
internal sealed class StudyPart
{
    private readonly Study _study;
    private readonly MiningRules _rules;
    private readonly string _name;
    private readonly BeyondChecks _beyond;
    private readonly MemoryChecks _memories;
    private readonly StudyCheck _triggers;
    private readonly StudyCheck _lists;
    private ListComparison? _listComparison;
    private StatisticsComparison? _statisticsComparison;
    private BeyondComparison? _beyondComparison;

    /// <param name="study">The study.</param>
    /// <param name="rules">Its rules.</param>
    /// <param name="units">Its units; null where they are damaged.</param>
    /// <param name="startsWithBos">Whether token 0 of each unit is BOS.</param>
    /// <param name="name">What stands before the names of the checks.</param>
    public StudyPart(Study study, MiningRules rules, StoredUnits? units, bool startsWithBos, string name)
    {
        _study = study;
        _rules = rules;
        _name = name;
        TriggerChecks? triggers = units is null ? null : new TriggerChecks(rules, units, startsWithBos);
        _beyond = new BeyondChecks(study, rules, name);
        _beyond.CheckPositions(units, triggers, startsWithBos);
        _memories = new MemoryChecks(study, rules, triggers, _beyond, name);
        _triggers = new StudyCheck(name + "mined again: triggers");
        _lists = new StudyCheck(name + "mined again: lists");
    }

    /// <summary>What is checked by itself, in order.</summary>
    public IEnumerable<StudyCheck> Own => _memories.All;

    /// <summary>What is compared with what is mined again, in order.</summary>
    public IReadOnlyList<StudyCheck> Mined { get; private set; } = [];

    /// <summary>Whether every memory is there and can be read.</summary>
    public bool HasAll => _memories.Names.Failures == 0;

    /// <summary>The random positions to mine again.</summary>
    public IReadOnlyList<RandomPosition> Random => _beyond.Positions;

    /// <summary>Reads all memories and checks each by itself.</summary>
    /// <param name="expected">Names of those that should be there, in order; null for those that are.</param>
    /// <param name="cancellation">Stops it.</param>
    public void Read(IEnumerable<NeuronId>? expected, CancellationToken cancellation) => _memories.Read(expected ?? _study.Memories().Select(memory => memory.Id), cancellation);

    /// <summary>Makes ready for what is mined again.</summary>
    /// <param name="units">The study's units.</param>
    /// <param name="mined">Those that are mined again; null for all.</param>
    public void Prepare(StoredUnits units, IReadOnlySet<int>? mined)
    {
        _listComparison = new ListComparison(_rules.Top, _rules.Distinct > 0, units, mined, _triggers, _lists);
        _statisticsComparison = new StatisticsComparison(whole: mined is null, _name);
        _beyondComparison = new BeyondComparison(_study, _rules, _beyond, units, mined, _name);
        Mined = [_triggers, _lists, _statisticsComparison.Check, .. _beyondComparison.All];
    }

    /// <summary>Compares every memory with what was mined again.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="observer">What was mined.</param>
    /// <param name="cancellation">Stops it.</param>
    public void Compare(ModelSpec spec, MiningObserver observer, CancellationToken cancellation)
    {
        foreach (StoredMemory stored in StoredMemory.All(_study))
        {
            cancellation.ThrowIfCancellationRequested();
            NeuronId id = stored.Memory.Id;
            LayerTotals totals = observer.Totals(id.Layer);
            LayerAccumulator all = totals.Accumulator;
            int column = all.Layout.ColumnOf((Math.Max(0, id.Expert) * spec.Blocks[id.Layer].FeedForward.ExpertSize) + id.Index);
            Compare(stored, Pole.Positive, all.Positive, column);
            if (all.Negative is not null || stored.Memory.Negative.Length > 0)
            {
                Compare(stored, Pole.Negative, all.Negative, column);
            }

            _statisticsComparison!.Compare(id, stored.Memory.Statistics, totals.Statistics(column));
            _beyondComparison!.Compare(stored, totals, column);
        }
    }

    private void Compare(StoredMemory stored, Pole pole, TriggerLists? mined, int column)
        => _listComparison!.Compare($"{stored.Memory.Id}", stored.Memory.Triggers(pole).AsSpan(), place => stored.Rank(pole, place, _rules), mined?.List(column) ?? [], mined is null ? default : mined.Ranks(column));
}
