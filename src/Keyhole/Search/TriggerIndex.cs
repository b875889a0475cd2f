using Keyhole.Studies;
using Microsoft.Data.Sqlite;

namespace Keyhole.Search;

/// <summary>The index that makes a search for words quick: the words of every unit that has a trigger, and the triggers of each unit.</summary>
/// <remarks>
/// <c>trigger_text</c> is a contentless FTS5 table whose row ids are units; it holds which words a unit has, not where (the unit's text tells).
/// <c>trigger_unit (unit, places)</c> holds the triggers of a unit as <see cref="TriggerPlace"/> packs them.
/// </remarks>
internal static class TriggerIndex
{
    /// <summary>Table of triggers by unit.</summary>
    public const string UnitTable = "trigger_unit";

    /// <summary>Table of words.</summary>
    public const string TextTable = "trigger_text";

    // Words are cut and folded here and separated by spaces there, so that index and query agree whatever SQLite thinks of a character.
    private const string Create = $"""
        DROP TABLE IF EXISTS {TextTable};
        DROP TABLE IF EXISTS {UnitTable};
        CREATE VIRTUAL TABLE {TextTable} USING fts5(words, content='', columnsize=0, detail=none, tokenize="unicode61 remove_diacritics 0 categories 'L* M* N* P* S* C*'");
        CREATE TABLE {UnitTable} (unit INTEGER PRIMARY KEY, places BLOB NOT NULL);
        """;

    /// <summary>Writes the index into a finished study; an older one is replaced.</summary>
    /// <param name="editor">The study, open for writing.</param>
    /// <param name="study">The same, open for reading; no other read of it may be under way.</param>
    /// <param name="progress">Told the share that is done, or null.</param>
    /// <param name="cancellation">Stops it; the editor must not be committed then.</param>
    /// <exception cref="Keyhole.Engine.InputRefusedException">KH5105: the study is damaged.</exception>
    /// <exception cref="StudyNotWrittenException">KH5112: it cannot be written.</exception>
    public static void Write(StudyEditor editor, Study study, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(editor);
        ArgumentNullException.ThrowIfNull(study);
        IReadOnlyList<(int Unit, List<TriggerPlace> Places)> units = TriggerPlace.ByUnit(study, cancellation);

        // Pages that spill before the end would lock the file against the reading of units beside it.
        editor.Execute("PRAGMA cache_spill = OFF");
        editor.Execute(Create);
        using SqliteCommand text = editor.Prepare($"INSERT INTO {TextTable} (rowid, words) VALUES ($a, $b)");
        using SqliteCommand unit = editor.Prepare($"INSERT INTO {UnitTable} (unit, places) VALUES ($a, $b)");
        int done = 0;
        foreach ((int index, List<TriggerPlace> places) in units)
        {
            cancellation.ThrowIfCancellationRequested();
            editor.Run(text, index, string.Join(' ', TextWord.Of(TriggerUnits.UnitOf(study, index).Text).Select(word => word.Folded)));
            editor.Run(unit, index, TriggerPlace.Write(places));
            progress?.Report((double)++done / units.Count);
        }

        editor.Execute($"INSERT INTO {TextTable} ({TextTable}) VALUES ('optimize')");
    }

    /// <summary>Whether a study has the index.</summary>
    public static bool IsIn(Study study) => study.HasTable(TextTable) && study.HasTable(UnitTable);
}
