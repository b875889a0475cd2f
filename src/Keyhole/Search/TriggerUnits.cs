using Keyhole.Engine;
using Keyhole.Memories;
using Keyhole.Studies;

namespace Keyhole.Search;

/// <summary>The units that have triggers, with these: from the index where the study has one, else from the trigger lists themselves.</summary>
internal static class TriggerUnits
{
    /// <summary>Units that may hold a phrase, ascending; all where it is null or there is no index.</summary>
    /// <param name="study">The study.</param>
    /// <param name="phrase">What is looked for, or null.</param>
    /// <param name="progress">Told the share that is done, or null.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public static IEnumerable<(StudyUnit Unit, List<TriggerPlace> Places)> Of(Study study, Phrase? phrase, IProgress<double>? progress, CancellationToken cancellation)
    {
        bool indexed = TriggerIndex.IsIn(study);
        List<(int Unit, List<TriggerPlace>? Places)> units = indexed ? Indexed(study, phrase) : [.. TriggerPlace.ByUnit(study, cancellation).Select(pair => (pair.Key, (List<TriggerPlace>?)pair.Value))];
        for (int i = 0; i < units.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            (int index, List<TriggerPlace>? places) = units[i];
            places ??= study.Query($"SELECT places FROM {TriggerIndex.UnitTable} WHERE unit = $a", row => TriggerPlace.Read(row.GetFieldValue<byte[]>(0)), index).FirstOrDefault() ?? [];
            StudyUnit unit = UnitOf(study, index);
            if (places.Any(place => place.Position >= unit.Tokens.Length))
            {
                throw NoSuchPlace(index);
            }

            yield return (unit, places);
            progress?.Report((i + 1.0) / units.Count);
        }
    }

    /// <summary>A unit that has triggers.</summary>
    /// <exception cref="InputRefusedException">KH5105: the study does not have it.</exception>
    public static StudyUnit UnitOf(Study study, int index)
    {
        try
        {
            return study.Unit(index);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw NoSuchPlace(index);
        }
    }

    private static List<(int, List<TriggerPlace>?)> Indexed(Study study, Phrase? phrase)
    {
        IEnumerable<int> units = phrase is null
            ? study.Query($"SELECT unit FROM {TriggerIndex.UnitTable} ORDER BY unit", row => row.GetInt32(0))
            : study.Query($"SELECT rowid FROM {TriggerIndex.TextTable} WHERE {TriggerIndex.TextTable} MATCH $a ORDER BY rowid", row => row.GetInt32(0), phrase.ToIndexQuery());
        return [.. units.Select(unit => (unit, (List<TriggerPlace>?)null))];
    }

    private static InputRefusedException NoSuchPlace(int unit)
        => new("KH5105", $"the study is damaged: a trigger names a place in unit {unit} that the study does not have; mine it again or take it from a backup.");
}
