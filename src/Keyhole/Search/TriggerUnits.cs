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
        int done = 0;
        (int count, IEnumerable<(int Unit, List<TriggerPlace> Places)> units) = TriggerIndex.IsIn(study) ? Indexed(study, phrase) : Listed(study, cancellation);
        foreach ((int index, List<TriggerPlace> places) in units)
        {
            cancellation.ThrowIfCancellationRequested();
            StudyUnit unit = UnitOf(study, index);
            if (places.Any(place => place.Position >= unit.Tokens.Length))
            {
                throw NoSuchPlace(index);
            }

            yield return (unit, places);
            progress?.Report((double)++done / count);
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

    private static (int Count, IEnumerable<(int, List<TriggerPlace>)> Units) Listed(Study study, CancellationToken cancellation)
    {
        IReadOnlyList<(int, List<TriggerPlace>)> units = TriggerPlace.ByUnit(study, cancellation);
        return (units.Count, units);
    }

    private static (int Count, IEnumerable<(int, List<TriggerPlace>)> Units) Indexed(Study study, Phrase? phrase)
    {
        string matching = phrase is null ? string.Empty : $" WHERE unit IN (SELECT rowid FROM {TriggerIndex.TextTable} WHERE {TriggerIndex.TextTable} MATCH $a)";
        object[] words = phrase is null ? [] : [phrase.ToIndexQuery()];
        int count = study.Query($"SELECT count(*) FROM {TriggerIndex.UnitTable}{matching}", row => row.GetInt32(0), words).Single();
        return (count, study.Query($"SELECT unit, places FROM {TriggerIndex.UnitTable}{matching} ORDER BY unit", row => (row.GetInt32(0), TriggerPlace.Read(row.GetFieldValue<byte[]>(1))), words));
    }

    private static InputRefusedException NoSuchPlace(int unit)
        => new("KH5105", $"the study is damaged: a trigger names a place in unit {unit} that the study does not have; mine it again or take it from a backup.");
}
