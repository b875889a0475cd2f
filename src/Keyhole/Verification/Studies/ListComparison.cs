using System.Globalization;
using Keyhole.Memories;
using Keyhole.Mining;

namespace Keyhole.Verification.Studies;

/// <summary>Holds the lists of a study beside those that some of its units give when they are mined again.</summary>
/// <remarks>
/// The list of a sample has the same rules, and fewer competitors. So what the study has of the sample's units must be in it, with the same bits; and what else is in
/// it must be worse than all that the study has, or have the ending of a better one. Nothing of these units can be missing then, or be too much.
/// </remarks>
internal sealed class ListComparison(MiningRules rules, StoredUnits units, IReadOnlySet<int>? sample)
{
    /// <summary>Triggers that both have are the same.</summary>
    public StudyCheck Triggers { get; } = new("mined again: triggers");

    /// <summary>Lists lack nothing.</summary>
    public StudyCheck Lists { get; } = new("mined again: lists");

    /// <summary>Compares one list.</summary>
    /// <param name="stored">The study's memory.</param>
    /// <param name="pole">Which list.</param>
    /// <param name="mined">The sample's list.</param>
    /// <param name="ranks">What that is ordered by.</param>
    public void Compare(StoredMemory stored, Pole pole, Trigger[] mined, ReadOnlySpan<float> ranks)
    {
        NeuronId id = stored.Memory.Id;
        ReadOnlySpan<Trigger> list = stored.Memory.Triggers(pole).AsSpan();
        var places = new Dictionary<(int Unit, int Position), int>(mined.Length);
        for (int i = 0; i < mined.Length; i++)
        {
            places.Add((mined[i].Unit, mined[i].Position), i);
        }

        var storedRanks = new float?[list.Length];
        long before = Triggers.Failures + Lists.Failures;
        for (int place = 0; place < list.Length; place++)
        {
            storedRanks[place] = stored.Rank(pole, place, rules);
            Trigger trigger = list[place];
            if (sample?.Contains(trigger.Unit) == false)
            {
                continue;
            }

            if (places.Remove((trigger.Unit, trigger.Position), out int at))
            {
                storedRanks[place] = ranks[at];
                Triggers.Expect(Difference(trigger, mined[at]) is null, () => $"{id}: {MemoryChecks.Name(trigger)}: {Difference(trigger, mined[at])}");
            }
            else
            {
                Triggers.Expect(false, () => string.Create(CultureInfo.InvariantCulture, $"{id}: {MemoryChecks.Name(trigger)}: coefficient {trigger.Coefficient} in the study; mined again it is not among the best"));
            }
        }

        Lists.Examined++;
        foreach (int at in places.Values.Order())
        {
            if (Belongs(list, storedRanks, mined[at], ranks[at]))
            {
                Lists.Fail(string.Create(CultureInfo.InvariantCulture, $"{id}: {MemoryChecks.Name(mined[at])} is missing: coefficient {mined[at].Coefficient} mined again{(list.Length == rules.Top ? string.Create(CultureInfo.InvariantCulture, $", and the list ends with {list[^1].Coefficient}") : string.Empty)}"));
            }
        }

        if (sample is null && before == Triggers.Failures + Lists.Failures && !IsSameOrder(list, mined))
        {
            Lists.Fail($"{id}: the list has another order when it is mined again");
        }
    }

    // Whether a trigger that the study's list does not have would change it.
    private bool Belongs(ReadOnlySpan<Trigger> list, float?[] ranks, Trigger trigger, float rank)
    {
        if (rules.Distinct > 0)
        {
            ulong ending = Ending(trigger);
            for (int i = 0; i < list.Length; i++)
            {
                if (Ending(list[i]) == ending)
                {
                    return IsBetter(rank, trigger, ranks[i], list[i]);
                }
            }
        }

        if (list.Length < rules.Top)
        {
            return true;
        }

        for (int i = 0; i < list.Length; i++)
        {
            if (IsBetter(rank, trigger, ranks[i], list[i]))
            {
                return true;
            }
        }

        return false;
    }

    private ulong Ending(Trigger trigger)
    {
        int row = units.Table.Find(trigger.Unit, trigger.Position, piece: 0);
        return row < 0 ? 0 : units.Ids.Key(row, trigger.Position);   // one that names nothing was found already
    }

    private static bool IsBetter(float rank, Trigger trigger, float? otherRank, Trigger other)
        => otherRank is { } known && (rank > known || (rank == known && (trigger.Unit, trigger.Position).CompareTo((other.Unit, other.Position)) < 0));

    private static bool IsSameOrder(ReadOnlySpan<Trigger> list, Trigger[] mined)
    {
        for (int i = 0; i < list.Length; i++)
        {
            if ((list[i].Unit, list[i].Position) != (mined[i].Unit, mined[i].Position))
            {
                return false;
            }
        }

        return true;
    }

    private static string? Difference(Trigger stored, Trigger mined)
        => Differs(stored.Coefficient, mined.Coefficient) ? Both("coefficient", stored.Coefficient, mined.Coefficient)
            : Differs(stored.Gate, mined.Gate) ? Both("gate", stored.Gate, mined.Gate)
            : Differs(stored.RouterWeight, mined.RouterWeight) ? Both("router weight", stored.RouterWeight, mined.RouterWeight)
            : stored.Target != mined.Target ? string.Create(CultureInfo.InvariantCulture, $"target {stored.Target} in the study and {mined.Target} mined again")
            : null;

    private static bool Differs(float a, float b) => BitConverter.SingleToInt32Bits(a) != BitConverter.SingleToInt32Bits(b) && !(float.IsNaN(a) && float.IsNaN(b));

    private static string Both(string what, float stored, float mined) => string.Create(CultureInfo.InvariantCulture,
        $"{what} {stored} (0x{BitConverter.SingleToInt32Bits(stored):x8}) in the study and {mined} (0x{BitConverter.SingleToInt32Bits(mined):x8}) mined again");
}
