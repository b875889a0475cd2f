using System.Globalization;
using Keyhole.Memories;
using Keyhole.Mining;

namespace Keyhole.Verification.Studies;

/// <summary>Whether a trigger of any list names a position that competes, with the token that follows.</summary>
/// <param name="rules">The study's rules.</param>
/// <param name="units">Its units.</param>
/// <param name="startsWithBos">Whether token 0 of each unit is BOS.</param>
internal sealed class TriggerChecks(MiningRules rules, StoredUnits units, bool startsWithBos)
{
    /// <summary>A trigger as differences name it.</summary>
    public static string Name(Trigger trigger) => Name(trigger.Unit, trigger.Position);

    /// <summary>A position as differences name it.</summary>
    public static string Name(int unit, int position) => string.Create(CultureInfo.InvariantCulture, $"unit {unit}, position {position}");

    /// <summary>Whether one entry of a list stands before another: the larger rank first, of equal ones the earlier place.</summary>
    public static bool Precedes(Trigger first, float firstRank, Trigger second, float secondRank)
        => firstRank > secondRank || (firstRank == secondRank && (first.Unit, first.Position).CompareTo((second.Unit, second.Position)) < 0);

    /// <summary>What is wrong with a position; null where nothing is.</summary>
    /// <param name="unit">Its unit.</param>
    /// <param name="position">The position.</param>
    /// <param name="target">The token that is said to follow.</param>
    public string? Fault(int unit, int position, int target)
    {
        int row = units.Table.Find(unit, position, piece: 0);
        if (row < 0)
        {
            return "the study has no such position";
        }

        int length = units.Table.Length(row);
        (int first, int end) = rules.Candidates(length, startsWithBos);
        if (position < first || position >= end)
        {
            return string.Create(CultureInfo.InvariantCulture, $"only positions {first} to {end - 1} of this unit compete");
        }

        int follows = position + 1 < length ? units.Ids.Token(row, position + 1) : -1;
        return follows == target ? null : string.Create(CultureInfo.InvariantCulture, $"target {target}, and the unit has {follows} there");
    }

    /// <summary>What is wrong with a trigger; null where nothing is.</summary>
    /// <param name="trigger">The trigger.</param>
    /// <param name="isPossible">Whether its coefficient can stand in the list.</param>
    public string? Fault(Trigger trigger, bool isPossible)
        => Fault(trigger.Unit, trigger.Position, trigger.Target) ?? (float.IsFinite(trigger.Coefficient) && isPossible ? null : string.Create(CultureInfo.InvariantCulture, $"coefficient {trigger.Coefficient}"));

    /// <summary>Whether a better trigger of a list leaves no room for another, by the rules of lists; null where there is room.</summary>
    /// <param name="trigger">The trigger, which stands at a position of the study.</param>
    /// <param name="met">What the better ones take.</param>
    public string? Repeats(Trigger trigger, HashSet<ulong> met)
    {
        if (rules.Distinct > 0)
        {
            return met.Add(units.Ids.Key(units.Table.Find(trigger.Unit, trigger.Position, piece: 0), trigger.Position)) ? null : "a better one has the same last tokens";
        }

        ulong place = ((ulong)trigger.Unit << 32) | (rules.PerPrefix ? (uint)trigger.Position : 0);
        return met.Add(place) ? null : "another one is of the same place";
    }
}
