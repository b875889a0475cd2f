using Keyhole.Engine;
using Keyhole.Memories;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;
using Microsoft.Data.Sqlite;

namespace Keyhole.Annotations;

/// <summary>Writes rows of annotations and labels inside one transaction.</summary>
internal sealed class AnnotationWriter : IDisposable
{
    private readonly StudyEditor _editor;
    private readonly SqliteCommand _keep;
    private readonly SqliteCommand _label;
    private readonly SqliteCommand _words;

    public AnnotationWriter(StudyEditor editor)
    {
        _editor = editor;
        _keep = editor.Prepare("""
            INSERT INTO annotation (annotator, sheet, revision, key, done, note, begun, saved) VALUES ($a, $b, $c, $d, $e, $f, $g, $h)
            ON CONFLICT (annotator, sheet) DO UPDATE SET revision = $c, key = $d, done = $e, note = $f, begun = $g, saved = $h
            """);
        _label = editor.Prepare("""
            INSERT INTO label (annotator, sheet, place, layer, expert, neuron, pole, kind, text, prefixes, saved, key)
            VALUES ($a, $b, $c, $d, $e, $f, $g, $h, $i, $j, $k, $l)
            """);
        _words = editor.Prepare("INSERT INTO label_text (rowid, words) VALUES (last_insert_rowid(), $a)");
    }

    /// <summary>Keeps one save, unless it was kept before or a later one is.</summary>
    /// <exception cref="InputRefusedException">KH5403: what it says cannot be kept; KH5407: there is no such sheet; KH5408: too many annotators.</exception>
    public SaveResult Save(AnnotationSave save, DateTime now)
    {
        Sheet sheet = SheetOf(save.Sheet);
        AnnotationSave checkedSave = AnnotationRules.Checked(save, sheet.Prefixes.Length);
        (int Revision, string Key, string Begun)? before = _editor.First("SELECT revision, key, begun FROM annotation WHERE annotator = $a AND sheet = $b",
            row => ((int, string, string)?)(row.GetInt32(0), row.GetString(1), row.GetString(2)), checkedSave.Annotator, checkedSave.Sheet);
        if (before is { } kept && kept.Revision >= checkedSave.Revision)
        {
            return new SaveResult(kept.Revision == checkedSave.Revision && kept.Key == checkedSave.Key ? SaveOutcome.Repeated : SaveOutcome.Older, kept.Revision);
        }

        if (before is null)
        {
            RequireRoom(checkedSave.Annotator);
        }

        Write(new Annotation
        {
            Annotator = checkedSave.Annotator,
            Sheet = checkedSave.Sheet,
            Revision = checkedSave.Revision,
            Key = checkedSave.Key,
            Patterns = checkedSave.Patterns,
            Note = checkedSave.Note,
            Done = checkedSave.Done,
            Begun = before is { } first ? AnnotationText.ReadTime(first.Begun) : now,
            Saved = now,
        }, sheet);
        return new SaveResult(SaveOutcome.Saved, checkedSave.Revision);
    }

    /// <summary>Writes an annotation in place of the one before.</summary>
    public void Write(Annotation annotation, Sheet sheet)
    {
        _editor.Run(_keep, annotation.Annotator, annotation.Sheet, annotation.Revision, annotation.Key, annotation.Done ? 1 : 0, annotation.Note, AnnotationText.Of(annotation.Begun), AnnotationText.Of(annotation.Saved));
        Remove("annotator = $a AND sheet = $b", annotation.Annotator, annotation.Sheet);
        for (int place = 0; place < annotation.Patterns.Length; place++)
        {
            AnnotationPattern pattern = annotation.Patterns[place];
            _editor.Run(_label, annotation.Annotator, sheet.Id, place, sheet.Memory?.Layer, sheet.Memory?.Expert, sheet.Memory?.Index, sheet.Memory is null ? null : PoleName.Of(sheet.Pole),
                AnnotationText.Of(pattern.Kind), pattern.Text, AnnotationText.Of(pattern.Prefixes), AnnotationText.Of(annotation.Saved), null);
            _editor.Run(_words, LabelTable.Words(pattern.Text));
        }
    }

    /// <summary>Adds a free label; false where one with this key is there.</summary>
    /// <exception cref="InputRefusedException">KH5408: the memory has too many.</exception>
    public bool AddLabel(NeuronId memory, string annotator, string text, PatternKind kind, string key, DateTime saved)
    {
        if (_editor.First("SELECT 1 FROM label WHERE sheet IS NULL AND key = $a", _ => 1, key) == 1)
        {
            return false;
        }

        long others = _editor.First("SELECT count(*) FROM label WHERE sheet IS NULL AND layer = $a AND expert = $b AND neuron = $c", row => row.GetInt64(0), memory.Layer, memory.Expert, memory.Index);
        if (others >= AnnotationRules.MostLabels)
        {
            throw new InputRefusedException("KH5408", $"the memory {memory} has {others} labels, and no more are kept; remove one first.");
        }

        _editor.Run(_label, annotator, null, 0, memory.Layer, memory.Expert, memory.Index, null, AnnotationText.Of(kind), text, null, AnnotationText.Of(saved), key);
        _editor.Run(_words, LabelTable.Words(text));
        return true;
    }

    /// <summary>Removes a free label; false where there is none of this number.</summary>
    public bool RemoveLabel(long number) => Remove("sheet IS NULL AND id = $a", number) > 0;

    /// <summary>A sheet of the study.</summary>
    /// <exception cref="InputRefusedException">KH5407: there is none of this id.</exception>
    public Sheet SheetOf(string id) => _editor.First($"SELECT {AnnotationTable.SheetColumns} FROM annotation_sheet WHERE id = $a", AnnotationTable.SheetRow, id)
        ?? throw new InputRefusedException("KH5407", "annotation: the study's project has no such sheet; open the list of sheets again.");

    public void Dispose()
    {
        _keep.Dispose();
        _label.Dispose();
        _words.Dispose();
    }

    private void RequireRoom(string annotator)
    {
        long others = _editor.First("SELECT count(*) FROM (SELECT DISTINCT annotator FROM annotation WHERE annotator <> $a)", row => row.GetInt64(0), annotator);
        if (others >= AnnotationRules.MostAnnotators)
        {
            throw new InputRefusedException("KH5408", $"annotation: the study has {others} annotators, and no more are kept.");
        }
    }

    private int Remove(string condition, params object[] values)
    {
        using SqliteCommand words = _editor.Prepare($"DELETE FROM label_text WHERE rowid IN (SELECT id FROM label WHERE {condition})");
        _editor.Run(words, values);
        using SqliteCommand labels = _editor.Prepare($"DELETE FROM label WHERE {condition}");
        return _editor.Change(labels, values);
    }
}
