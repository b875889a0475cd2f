using System.Globalization;
using Keyhole.Memories;

namespace Keyhole.Verification.Studies;

/// <summary>Holds lists of a study beside those that some of its units give when they are mined again: of triggers, of sign cases, or samples, which are lists by hash.</summary>
/// <remarks>
/// The list of a sample of units has the same rules, and fewer competitors. So what the study has of these units must be in it, with the same bits; and what else is in
/// it must be worse than all that the study has, or have the ending of a better one. Nothing of these units can be missing then, or be too much.
/// </remarks>
/// <param name="top">Most entries of a list.</param>
/// <param name="distinct">Whether a list keeps one entry of each ending.</param>
/// <param name="units">The study's units.</param>
/// <param name="sample">Those that are mined again; null for all.</param>
/// <param name="entries">Takes what both have and is not the same.</param>
/// <param name="lists">Takes what is missing, or in another order; may be the same check.</param>
internal sealed class ListComparison(int top, bool distinct, StoredUnits units, IReadOnlySet<int>? sample, StudyCheck entries, StudyCheck lists)
{
    /// <summary>Compares one list.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="list">The study's.</param>
    /// <param name="rankOf">What an entry of it is ordered by, by its place; null where that is not known.</param>
    /// <param name="mined">That of the units that were mined again.</param>
    /// <param name="ranks">What that is ordered by.</param>
    public void Compare(string name, ReadOnlySpan<Trigger> list, Func<int, float?> rankOf, Trigger[] mined, ReadOnlySpan<float> ranks)
    {
        var places = new Dictionary<(int Unit, int Position), int>(mined.Length);
        for (int i = 0; i < mined.Length; i++)
        {
            places.Add((mined[i].Unit, mined[i].Position), i);
        }

        var storedRanks = new float?[list.Length];
        long before = entries.Failures + lists.Failures;
        for (int place = 0; place < list.Length; place++)
        {
            storedRanks[place] = rankOf(place);
            Trigger trigger = list[place];
            if (sample?.Contains(trigger.Unit) == false)
            {
                continue;
            }

            if (places.Remove((trigger.Unit, trigger.Position), out int at))
            {
                storedRanks[place] = ranks[at];
                entries.Expect(Difference(trigger, mined[at]) is null, () => $"{name}: {TriggerChecks.Name(trigger)}: {Difference(trigger, mined[at])}");
            }
            else
            {
                entries.Expect(false, () => string.Create(CultureInfo.InvariantCulture, $"{name}: {TriggerChecks.Name(trigger)}: coefficient {trigger.Coefficient} in the study; mined again it does not belong there"));
            }
        }

        lists.Examined++;
        foreach (int at in places.Values.Order())
        {
            if (Belongs(list, storedRanks, mined[at], ranks[at]))
            {
                lists.Fail(string.Create(CultureInfo.InvariantCulture, $"{name}: {TriggerChecks.Name(mined[at])} is missing: coefficient {mined[at].Coefficient} mined again{(list.Length == top ? string.Create(CultureInfo.InvariantCulture, $", and the list ends with {list[^1].Coefficient} ({TriggerChecks.Name(list[^1])})") : string.Empty)}"));
            }
        }

        if (sample is null && before == entries.Failures + lists.Failures && !IsSameOrder(list, mined))
        {
            lists.Fail($"{name}: the list has another order when it is mined again");
        }
    }

    // Whether a trigger that the study's list does not have would change it.
    private bool Belongs(ReadOnlySpan<Trigger> list, float?[] ranks, Trigger trigger, float rank)
    {
        if (distinct)
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

        if (list.Length < top)
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

    /// <summary>Whether two numbers have other bits; any NaN is as good as another.</summary>
    public static bool Differs(float a, float b) => BitConverter.SingleToInt32Bits(a) != BitConverter.SingleToInt32Bits(b) && !(float.IsNaN(a) && float.IsNaN(b));

    /// <summary>Both of two numbers, with their bits.</summary>
    public static string Both(string what, float stored, float mined) => string.Create(CultureInfo.InvariantCulture,
        $"{what} {stored} (0x{BitConverter.SingleToInt32Bits(stored):x8}) in the study and {mined} (0x{BitConverter.SingleToInt32Bits(mined):x8}) mined again");
}
