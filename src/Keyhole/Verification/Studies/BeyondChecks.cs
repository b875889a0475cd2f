using System.Collections.Immutable;
using System.Globalization;
using Keyhole.Engine;
using Keyhole.Memories;
using Keyhole.Mining;
using Keyhole.Mining.Sampling;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;

namespace Keyhole.Verification.Studies;

/// <summary>Checks by itself what a study keeps beyond lists and statistics: samples, random positions, lists of the sign cases.</summary>
internal sealed class BeyondChecks
{
    private readonly Study _study;
    private readonly MiningRules _rules;
    private ImmutableArray<RandomExample> _positions = [];
    private readonly HashSet<int> _absent = [];   // random positions, by number, whose unit the study does not have

    /// <param name="study">The study.</param>
    /// <param name="rules">Its rules.</param>
    /// <param name="name">What stands before the names of the checks.</param>
    public BeyondChecks(Study study, MiningRules rules, string name)
    {
        _study = study;
        _rules = rules;
        if (rules.SampleQuantiles)
        {
            Samples = new StudyCheck(name + "samples");
            Random = new StudyCheck(name + "random positions");
        }

        Cases = rules.SignCases && study.Shape.Gated ? new StudyCheck(name + "sign cases") : null;
    }

    /// <summary>Samples are those that the hashes draw, in their order, on their pole; null where none are kept.</summary>
    public StudyCheck? Samples { get; }

    /// <summary>The random positions are those that the hashes draw, and every memory has a coefficient there; null where none are kept.</summary>
    public StudyCheck? Random { get; }

    /// <summary>Lists of the sign cases are in order and of their case; null where none are kept.</summary>
    public StudyCheck? Cases { get; }

    /// <summary>All that there are, in order.</summary>
    public IEnumerable<StudyCheck> All => ((StudyCheck?[])[Samples, Random, Cases]).OfType<StudyCheck>();

    /// <summary>The random positions to mine again; none where they are not as they should be.</summary>
    public IReadOnlyList<RandomPosition> Positions => Random is { WasDone: true, Failures: 0 } ? [.. _positions.Select(Drawn)] : [];

    /// <summary>Checks the random positions themselves.</summary>
    /// <param name="units">The study's units; null where they are damaged.</param>
    /// <param name="triggers">Checks single positions.</param>
    /// <param name="startsWithBos">Whether token 0 of each unit is BOS.</param>
    public void CheckPositions(StoredUnits? units, TriggerChecks? triggers, bool startsWithBos)
    {
        if (units is null || triggers is null)
        {
            foreach (StudyCheck check in All)
            {
                check.LeaveOut("the units are damaged");
            }

            return;
        }

        if (Random is null)
        {
            return;
        }

        try
        {
            _positions = SampleTable.RandomPositions(_study);
        }
        catch (InputRefusedException damage)
        {
            Random.Fail(damage.Message);
            return;
        }

        Random.Examined = _positions.Length;
        bool whole = _study.Provenance.Shard is null && !_study.Provenance.Options.ContainsKey("until-stable");
        for (int number = 0; number < _positions.Length; number++)
        {
            RandomExample position = _positions[number];
            if (!whole && units.Table.Find(position.Unit, 0, piece: 0) < 0)
            {
                _absent.Add(number);   // of another shard, or beyond the end of a run that ended early
                continue;
            }

            if (triggers.Fault(position.Unit, position.Position, position.Target) is { } fault)
            {
                Random.Fail($"random position {TriggerChecks.Name(position.Unit, position.Position)}: {fault}");
            }
        }

        RandomPosition[] drawn = [.. _positions.Select(Drawn)];
        if (drawn.Length > RandomPositions.Count || drawn.Zip(drawn.Skip(1)).Any(pair => pair.First.Hash >= pair.Second.Hash))
        {
            Random.Fail(string.Create(CultureInfo.InvariantCulture, $"random positions: there are {drawn.Length} where up to {RandomPositions.Count} are possible, or their hashes do not rise"));
            return;
        }

        // Those of the corpus that the study's units have are the first of the units' own.
        IReadOnlyList<RandomPosition> own = units.DrawRandom(_rules, startsWithBos);
        RandomPosition[] there = [.. drawn.Where((_, number) => !_absent.Contains(number))];
        foreach (RandomPosition other in there.Except(own))
        {
            Random.Fail($"random position {TriggerChecks.Name(other.Unit, other.Position)}: it is not among those that the hashes draw");
        }

        foreach (RandomPosition missing in own.Except(there).Where(missing => drawn.Length < RandomPositions.Count || missing.Hash < drawn[^1].Hash))
        {
            Random.Fail($"random position {TriggerChecks.Name(missing.Unit, missing.Position)} is missing");
        }
    }

    /// <summary>Checks what is kept of one memory.</summary>
    public void Check(StoredMemory stored, TriggerChecks triggers)
    {
        NeuronId id = stored.Memory.Id;
        if (Samples is { } samples)
        {
            samples.Expect(stored.Sample is not null, () => $"{id}: it has no sample");
        }

        if (stored.Sample is { } sample && Samples is not null)
        {
            NeuronStatistics statistics = stored.Memory.Statistics;
            long negative = _study.Shape.Gated ? statistics.Count - statistics.PositiveCount : 0;
            Check(id, Pole.Positive, sample.Positive, least: Math.Min(QuantileSample.Size, statistics.PositiveCount), most: Math.Min(QuantileSample.Size, statistics.PositiveCount), triggers);
            Check(id, Pole.Negative, sample.Negative, least: 0, most: Math.Min(QuantileSample.Size, negative), triggers);
            CheckRandom(id, sample.Random);
        }

        if (Cases is { } cases)
        {
            cases.Expect(stored.Cases is not null, () => $"{id}: it has no lists of sign cases");
        }

        for (int number = 0; Cases is not null && stored.Cases is { } lists && number < lists.Length; number++)
        {
            (string name, long count) = (stored.Memory.Statistics.SignCases ?? default).Named().ElementAt(number);
            CheckCase(id, name, isGatePlus: number < lists.Length / 2, lists[number], count, triggers);
        }
    }

    private void Check(NeuronId id, Pole pole, ImmutableArray<Trigger> sample, long least, long most, TriggerChecks triggers)
    {
        string which = PoleName.Of(pole);
        uint memory = SampleRank.MemoryHash(_study.Shape, _rules, id);
        Samples!.Expect(sample.Length >= least && sample.Length <= most, () => string.Create(CultureInfo.InvariantCulture, $"{id}: {sample.Length} examples in the {which} sample, where {least} to {most} are expected"));
        for (int place = 0; place < sample.Length; place++)
        {
            Trigger trigger = sample[place];
            string? fault = triggers.Fault(trigger, pole == Pole.Positive ? trigger.Coefficient > 0 : trigger.Coefficient < 0)
                ?? (place > 0 && !TriggerChecks.Precedes(sample[place - 1], SampleRank.Of(_rules, memory, sample[place - 1]), trigger, SampleRank.Of(_rules, memory, trigger)) ? "it is drawn before the one before" : null);
            Samples.Expect(fault is null, () => string.Create(CultureInfo.InvariantCulture, $"{id}: {TriggerChecks.Name(trigger)} (place {place} of the {which} sample): {fault}"));
        }
    }

    private void CheckRandom(NeuronId id, ImmutableArray<float> coefficients)
    {
        Random!.Expect(coefficients.Length == _positions.Length, () => string.Create(CultureInfo.InvariantCulture, $"{id}: {coefficients.Length} coefficients at {_positions.Length} random positions"));
        for (int number = 0; number < Math.Min(coefficients.Length, _positions.Length); number++)
        {
            float coefficient = coefficients[number];
            bool holds = _absent.Contains(number) ? float.IsNaN(coefficient) : float.IsFinite(coefficient) || (id.Expert >= 0 && float.IsNaN(coefficient));
            Random.Expect(holds, () => string.Create(CultureInfo.InvariantCulture, $"{id}: {TriggerChecks.Name(_positions[number].Unit, _positions[number].Position)} (random): coefficient {coefficient}"));
        }
    }

    private void CheckCase(NeuronId id, string name, bool isGatePlus, ImmutableArray<Trigger> list, long count, TriggerChecks triggers)
    {
        Cases!.Expect(list.Length <= Math.Min(_rules.Top, count), () => string.Create(CultureInfo.InvariantCulture, $"{id}: {list.Length} triggers of {name}, which occurs {count} times, where up to {_rules.Top} are possible"));
        var met = new HashSet<ulong>();
        for (int place = 0; place < list.Length; place++)
        {
            Trigger trigger = list[place];
            string? fault = triggers.Fault(trigger, trigger.Coefficient != 0)
                ?? (trigger.Gate > 0 != isGatePlus ? string.Create(CultureInfo.InvariantCulture, $"gate {trigger.Gate}") : null)
                ?? triggers.Repeats(trigger, met)
                ?? (place > 0 && !TriggerChecks.Precedes(list[place - 1], MathF.Abs(list[place - 1].Coefficient), trigger, MathF.Abs(trigger.Coefficient)) ? "it is better than the one before" : null);
            Cases.Expect(fault is null, () => string.Create(CultureInfo.InvariantCulture, $"{id}: {TriggerChecks.Name(trigger)} (place {place}, {name}): {fault}"));
        }
    }

    private RandomPosition Drawn(RandomExample position) => new(RandomPositions.Hash(_rules.Seed, position.Unit, position.Position), position.Unit, position.Position, position.Target);
}
