using System.Globalization;
using Keyhole.Engine;
using Keyhole.Memories;
using Keyhole.Mining;
using Keyhole.Studies;

namespace Keyhole.Verification.Studies;

/// <summary>Checks every memory of a study by itself: are lists in order, do triggers name what is there, do counts add up?</summary>
/// <param name="study">The study.</param>
/// <param name="rules">Its rules.</param>
/// <param name="units">Its units; null where these are damaged, so that triggers cannot be held beside them.</param>
/// <param name="startsWithBos">Whether token 0 of each unit is BOS.</param>
internal sealed class MemoryChecks(Study study, MiningRules rules, StoredUnits? units, bool startsWithBos)
{
    /// <summary>Every memory is there once, in order.</summary>
    public StudyCheck Names { get; } = new("memories");

    /// <summary>Lists are in order, and triggers name positions that compete, with the token that follows.</summary>
    public StudyCheck Triggers { get; } = new("triggers");

    /// <summary>Counts of the statistics add up.</summary>
    public StudyCheck Statistics { get; } = new("statistics");

    /// <summary>Reads all memories.</summary>
    /// <param name="expected">Names of those that should be there, in order.</param>
    /// <param name="cancellation">Stops it.</param>
    public void Read(IEnumerable<NeuronId> expected, CancellationToken cancellation)
    {
        if (units is null)
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
                if (units is not null)
                {
                    Check(stored, Pole.Positive, stored.PositiveCount, units);
                    Check(stored, Pole.Negative, stored.NegativeCount, units);
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

    private void Check(StoredMemory stored, Pole pole, int count, StoredUnits units)
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
            string? fault = Fault(list[place], pole, units, met) ?? (place > 0 && !IsOrdered(stored, pole, place) ? "it is better than the one before" : null);
            Trigger trigger = list[place];
            Triggers.Expect(fault is null, () => string.Create(CultureInfo.InvariantCulture, $"{id}: {Name(trigger)} (place {place}, {pole.ToString().ToLowerInvariant()}): {fault}"));
        }
    }

    /// <summary>A trigger as differences name it.</summary>
    public static string Name(Trigger trigger) => string.Create(CultureInfo.InvariantCulture, $"unit {trigger.Unit}, position {trigger.Position}");

    private string? Fault(Trigger trigger, Pole pole, StoredUnits units, HashSet<ulong> met)
    {
        int row = units.Table.Find(trigger.Unit, trigger.Position, piece: 0);
        if (row < 0)
        {
            return "the study has no such position";
        }

        int length = units.Table.Length(row);
        (int first, int end) = rules.Candidates(length, startsWithBos);
        if (trigger.Position < first || trigger.Position >= end)
        {
            return string.Create(CultureInfo.InvariantCulture, $"only positions {first} to {end - 1} of this unit compete");
        }

        int target = trigger.Position + 1 < length ? units.Ids.Token(row, trigger.Position + 1) : -1;
        if (target != trigger.Target)
        {
            return string.Create(CultureInfo.InvariantCulture, $"target {trigger.Target}, and the unit has {target} there");
        }

        if (!float.IsFinite(trigger.Coefficient) || (rules.RankBy == RankBy.Post && (pole == Pole.Positive ? trigger.Coefficient <= 0 : trigger.Coefficient >= 0)))
        {
            return string.Create(CultureInfo.InvariantCulture, $"coefficient {trigger.Coefficient}");
        }

        if (rules.Distinct > 0)
        {
            return met.Add(units.Ids.Key(row, trigger.Position)) ? null : "a better one has the same last tokens";
        }

        ulong place = ((ulong)trigger.Unit << 32) | (rules.PerPrefix ? (uint)trigger.Position : 0);
        return met.Add(place) ? null : "another one is of the same place";
    }

    // Where a list's order is not told, nothing is known.
    private bool IsOrdered(StoredMemory stored, Pole pole, int place)
    {
        if (stored.Rank(pole, place - 1, rules) is not { } before || stored.Rank(pole, place, rules) is not { } rank)
        {
            return true;
        }

        (Trigger a, Trigger b) = (stored.Memory.Triggers(pole)[place - 1], stored.Memory.Triggers(pole)[place]);
        return before > rank || (before == rank && (a.Unit, a.Position).CompareTo((b.Unit, b.Position)) < 0);
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
