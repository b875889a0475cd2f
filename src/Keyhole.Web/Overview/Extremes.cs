using Keyhole.Exports;
using Keyhole.Memories;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;
using Keyhole.Values;

namespace Keyhole.Web.Overview;

/// <summary>Finds the memories of the largest and the smallest numbers.</summary>
internal static class Extremes
{
    private const int Tokens = 4;
    private const int PrefixLength = 60;

    /// <summary>Both ends, of equals the first; memories without a number are in neither.</summary>
    /// <param name="study">The study.</param>
    /// <param name="memories">Its memories.</param>
    /// <param name="statistic">The statistic.</param>
    /// <param name="numbers">Its numbers, shape [N].</param>
    /// <param name="layer">The layer to look in; null for all.</param>
    /// <param name="limit">How many of each end.</param>
    public static ExtremesAnswer Of(Study study, MemoryNumbers memories, LayerStatistic statistic, float[] numbers, int? layer, int limit)
    {
        int[] known = [.. Enumerable.Range(0, numbers.Length).Where(i => float.IsFinite(numbers[i]) && (layer is null || memories.Ids[i].Layer == layer))];
        return new ExtremesAnswer(statistic.Name,
            [.. known.OrderByDescending(i => numbers[i]).ThenBy(i => i).Take(limit).Select(Describe)],
            [.. known.OrderBy(i => numbers[i]).ThenBy(i => i).Take(limit).Select(Describe)]);

        ExtremeMemory Describe(int i)
        {
            NeuronId id = memories.Ids[i];
            ValueRecord? value = ValueTable.Read(study, id);
            MemoryRecord? memory = study.Memory(id);
            Pole pole = memory is { Positive.Length: 0, Negative.Length: > 0 } ? Pole.Negative : Pole.Positive;
            (string? prefix, bool cut, string? target) = memory?.Triggers(pole) is { Length: > 0 } triggers ? Best(study, id, triggers[0]) : (null, false, null);
            return new ExtremeMemory(id.ToString(), numbers[i], [.. (value?.Top ?? []).Take(Tokens).Select(token => study.TokenPiece(token.Token) ?? string.Empty)], prefix, cut, target);
        }
    }

    private static (string Prefix, bool Cut, string? Target) Best(Study study, NeuronId id, Trigger trigger)
    {
        StudyUnit unit = study.UnitOf(id, trigger);
        string prefix = TriggerText.Prefix(unit, trigger.Position);
        string? target = TriggerText.Target(unit, trigger, study.TokenPiece);
        if (prefix.Length <= PrefixLength)
        {
            return (prefix, false, target);
        }

        int start = prefix.Length - PrefixLength;
        return (prefix[(char.IsLowSurrogate(prefix[start]) ? start + 1 : start)..], true, target);
    }
}
