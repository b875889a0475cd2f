using System.Globalization;
using Keyhole.Engine;
using Keyhole.Memories;
using Keyhole.Mining;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;

namespace Keyhole.Verification.Studies;

/// <summary>Checks every memory of a study by itself: are lists in order, do triggers name what is there, do counts add up?</summary>
/// <param name="study">The study.</param>
/// <param name="rules">Its rules.</param>
/// <param name="triggers">Checks single triggers; null where the units are damaged, so that none can be held beside them.</param>
/// <param name="beyond">What the study keeps beyond lists and statistics.</param>
/// <param name="name">What stands before the names of the checks.</param>
internal sealed class MemoryChecks(Study study, MiningRules rules, TriggerChecks? triggers, BeyondChecks beyond, string name)
{
    /// <summary>Every memory is there once, in order.</summary>
    public StudyCheck Names { get; } = new(name + "memories");

    /// <summary>Lists are in order, and triggers name positions that compete, with the token that follows.</summary>
    public StudyCheck Triggers { get; } = new(name + "triggers");

    /// <summary>Counts of the statistics add up.</summary>
    public StudyCheck Statistics { get; } = new(name + "statistics");

    /// <summary>All checks, in order.</summary>
    public IEnumerable<StudyCheck> All => [Names, Triggers, Statistics, .. beyond.All];

    /// <summary>Reads all memories.</summary>
    /// <param name="expected">Names of those that should be there, in order.</param>
    /// <param name="cancellation">Stops it.</param>
    public void Read(IEnumerable<NeuronId> expected, CancellationToken cancellation)
    {
        if (triggers is null)
        {
            Triggers.LeaveOut("the units are damaged");
        }

        using IEnumerator<NeuronId> names = expected.GetEnumerator();
        try
        {
            foreach (StoredMemory stored in StoredMemory.All(study))
            {
                cancellation.ThrowIfCancellationRequested();
                NeuronId id = stored.Memory.Id;
                NeuronId? name = names.MoveNext() ? names.Current : null;
                Names.Expect(id == name, () => name is null ? $"{id} was not mined" : $"{id} stands where {name} is expected");
                if (triggers is not null)
                {
                    Check(stored, Pole.Positive, stored.PositiveCount, triggers);
                    Check(stored, Pole.Negative, stored.NegativeCount, triggers);
                    beyond.Check(stored, triggers);
                }

                Check(id, stored.Memory.Statistics);
                if (id != name)
                {
                    return;   // all that follow would be named too
                }
            }
        }
        catch (InputRefusedException damage)
        {
            Names.Fail(damage.Message);
            return;
        }

        if (names.MoveNext())
        {
            Names.Fail($"{names.Current} is missing");
        }
    }

    private void Check(StoredMemory stored, Pole pole, int count, TriggerChecks triggers)
    {
        NeuronId id = stored.Memory.Id;
        ReadOnlySpan<Trigger> list = stored.Memory.Triggers(pole).AsSpan();
        if (list.Length != count || list.Length > rules.Top || (pole == Pole.Positive && stored.Ranks is { } ranks && ranks.Length != list.Length))
        {
            Triggers.Fail(string.Create(CultureInfo.InvariantCulture, $"{id}: {list.Length} triggers where {count} are stated and up to {rules.Top} possible"));
        }

        var met = new HashSet<ulong>();
        for (int place = 0; place < list.Length; place++)
        {
            string? fault = Fault(list[place], pole, triggers) ?? triggers.Repeats(list[place], met) ?? (place > 0 && !IsOrdered(stored, pole, place) ? "it is better than the one before" : null);
            Trigger trigger = list[place];
            Triggers.Expect(fault is null, () => string.Create(CultureInfo.InvariantCulture, $"{id}: {TriggerChecks.Name(trigger)} (place {place}, {PoleName.Of(pole)}): {fault}"));
        }
    }

    private string? Fault(Trigger trigger, Pole pole, TriggerChecks triggers)
        => triggers.Fault(trigger, rules.RankBy == RankBy.Pre || (pole == Pole.Positive ? trigger.Coefficient > 0 : trigger.Coefficient < 0));

    // Where a list's order is not told, nothing is known.
    private bool IsOrdered(StoredMemory stored, Pole pole, int place)
    {
        if (stored.Rank(pole, place - 1, rules) is not { } before || stored.Rank(pole, place, rules) is not { } rank)
        {
            return true;
        }

        return TriggerChecks.Precedes(stored.Memory.Triggers(pole)[place - 1], before, stored.Memory.Triggers(pole)[place], rank);
    }

    private void Check(NeuronId id, NeuronStatistics statistics)
    {
        StudyProvenance provenance = study.Provenance;
        long sampled = statistics.Histogram.Sum(bin => (long)bin);
        bool known = id.Expert < 0 && provenance.Shard is null && !provenance.Options.ContainsKey("until-stable");
        Statistics.Expect(
            (known ? statistics.Count == provenance.Candidates : statistics.Count <= provenance.Candidates)
                && sampled <= statistics.Count && statistics.PositiveCount <= statistics.Count
                && (statistics.SignCases is not { } signs || signs.Total == statistics.Count)
                && (statistics.Count == 0 ? float.IsNaN(statistics.Min) : statistics.Min <= statistics.Max),
            () => string.Create(CultureInfo.InvariantCulture, $"{id}: {statistics.Count} positions of {provenance.Candidates}, {statistics.PositiveCount} positive, {sampled} in the histogram, {statistics.SignCases?.Total ?? statistics.Count} signs, from {statistics.Min} to {statistics.Max}"));
    }
}
