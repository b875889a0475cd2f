using System.Collections.Immutable;
using Keyhole.Engine;
using Keyhole.Memories;
using Keyhole.Studies;

namespace Keyhole.Annotations;

/// <summary>Takes annotations from a file that <see cref="AnnotationExport"/> wrote into a study: all of them or, where a line is refused, none.</summary>
/// <remarks>
/// Of two annotations of one sheet by one annotator the one of the larger revision stays; two that differ in the same revision are refused. A study without a
/// project gets that of the file. A project of which either side has opened its results is open afterwards.
/// </remarks>
public static class AnnotationImport
{
    /// <summary>Imports a file.</summary>
    /// <param name="store">Writes the study.</param>
    /// <param name="study">The same study, open for reading.</param>
    /// <param name="name">The file's name in messages.</param>
    /// <param name="stream">Its bytes.</param>
    /// <exception cref="InputRefusedException">KH5410: a line cannot be read or says what cannot be; KH5411: the file is of another study or project; KH5412: it contradicts the study; KH5105, KH5113.</exception>
    /// <exception cref="StudyNotWrittenException">KH5112: the study cannot be written.</exception>
    public static ImportResult Run(AnnotationStore store, Study study, string name, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(stream);
        AnnotationFile file = AnnotationFile.Read(name, stream, study.Provenance);
        if (file.Project is { } project)
        {
            RequireSheets(study, name, file, project);
        }

        foreach ((int line, FreeLabel label) in file.Labels)
        {
            if (study.Memory(label.Memory) is null)
            {
                throw AnnotationFile.Refused(name, line, $"the study has no memory {label.Memory}");
            }
        }

        ImportResult result = new(false, 0, 0, 0, 0, 0);
        store.Write(editor =>
        {
            result = result with { MadeProject = TakeProject(editor, name, file) };
            using AnnotationWriter writer = new(editor);
            result = Take(editor, writer, name, file, result);
        });
        return result;
    }

    // The sheets are what the study itself would show: true lists are its own, and every text is the study's.
    private static void RequireSheets(Study study, string name, AnnotationFile file, AnnotationProject project)
    {
        foreach ((int number, Sheet sheet) in project.Sheets.Index())
        {
            (int line, ImmutableArray<SheetText> texts) = file.Texts[number];
            if (sheet.Id != AnnotationProject.IdOf(project.Key, number))
            {
                throw AnnotationFile.Refused(name, line, "the sheet's id is not what the project's key gives for its place");
            }

            if (sheet.Layer >= study.Shape.Layers)
            {
                throw AnnotationFile.Refused(name, line, $"the study's model has no layer {sheet.Layer}");
            }

            if (sheet.Prefixes.Length != project.Options.Prefixes)
            {
                throw AnnotationFile.Refused(name, line, $"the sheet has {sheet.Prefixes.Length} prefixes where the project's options say {project.Options.Prefixes}");
            }

            for (int place = 0; place < texts.Length; place++)
            {
                RequireText(study, name, line, sheet.Prefixes[place], texts[place], project.Options.Context);
            }

            if (sheet.Memory is { } id && !IsList(study.Memory(id), sheet))
            {
                throw AnnotationFile.Refused(name, line, $"its prefixes are not the best triggers of {id} in this study");
            }
        }
    }

    private static void RequireText(Study study, string name, int line, SheetPrefix prefix, SheetText text, int context)
    {
        SheetText own;
        try
        {
            own = SheetText.Of(study, prefix, context);
        }
        catch (InputRefusedException missing)
        {
            throw AnnotationFile.Refused(name, line, $"the study has no unit {prefix.Unit} with a position {prefix.Position}", missing);
        }

        if (own.Before != text.Before || own.Last != text.Last)
        {
            throw AnnotationFile.Refused(name, line, $"the text of unit {prefix.Unit}, position {prefix.Position} is another in this study");
        }
    }

    private static bool IsList(MemoryRecord? memory, Sheet sheet)
        => memory?.Triggers(sheet.Pole) is { } triggers && triggers.Length >= sheet.Prefixes.Length
            && triggers.Take(sheet.Prefixes.Length).Select(trigger => new SheetPrefix(trigger.Unit, trigger.Position)).ToHashSet().SetEquals(sheet.Prefixes);

    private static bool TakeProject(StudyEditor editor, string name, AnnotationFile file)
    {
        byte[]? own = editor.First("SELECT key FROM annotation_project", row => row.GetFieldValue<byte[]>(0));
        if (file.Project is not { } project)
        {
            return false;
        }

        if (own is null)
        {
            AnnotationStore.Keep(editor, project);
            return true;
        }

        string sheets = editor.First("SELECT group_concat(id || ' ' || prefixes, ' ') FROM (SELECT id, prefixes FROM annotation_sheet ORDER BY number)", row => row.GetString(0)) ?? string.Empty;
        if (!own.AsSpan().SequenceEqual(project.Key) || sheets != string.Join(' ', project.Sheets.Select(sheet => $"{sheet.Id} {AnnotationText.Of(sheet.Prefixes)}")))
        {
            throw new InputRefusedException("KH5411", $"{name}: the annotations belong to another annotation project of this study; its sheets are others. Clear the study's own project first, or use a copy of the study.");
        }

        if (project.Opened is { } opened)
        {
            using var open = editor.Prepare("UPDATE annotation_project SET opened = min(coalesce(opened, $a), $a)");
            editor.Run(open, AnnotationText.Of(opened));
        }

        return false;
    }

    private static ImportResult Take(StudyEditor editor, AnnotationWriter writer, string name, AnnotationFile file, ImportResult result)
    {
        HashSet<(string, string)> seen = [];
        foreach ((int line, Annotation read) in file.Annotations)
        {
            try
            {
                Sheet sheet = writer.SheetOf(read.Sheet);
                AnnotationSave save = AnnotationRules.Checked(
                    new AnnotationSave { Annotator = read.Annotator, Sheet = read.Sheet, Revision = read.Revision, Key = read.Key, Patterns = read.Patterns, Note = read.Note, Done = read.Done }, sheet.Prefixes.Length);
                if (save.Annotator != read.Annotator || !save.Patterns.SequenceEqual(read.Patterns))
                {
                    throw new FormatException("a name or description has spaces around it, or covered prefixes are not in order");
                }

                if (!seen.Add((read.Annotator, read.Sheet)))
                {
                    throw new FormatException("the file has another annotation of this sheet by the same annotator");
                }

                result = Take(editor, writer, name, line, read, sheet, result);
            }
            catch (Exception wrong) when (wrong is FormatException or InputRefusedException { Code: "KH5403" or "KH5407" or "KH5408" })
            {
                throw AnnotationFile.Refused(name, line, wrong.Message, wrong);
            }
        }

        foreach ((int line, FreeLabel label) in file.Labels)
        {
            try
            {
                AnnotationRules.RequireKey(label.Key);
                if (AnnotationRules.Name(label.Annotator) != label.Annotator || AnnotationRules.Text(label.Text) != label.Text)
                {
                    throw new FormatException("a name or description has spaces around it");
                }

                result = result with { Labels = result.Labels + (writer.AddLabel(label.Memory, label.Annotator, label.Text, label.Kind, label.Key, label.Saved) ? 1 : 0) };
            }
            catch (Exception wrong) when (wrong is FormatException or InputRefusedException { Code: "KH5403" or "KH5408" })
            {
                throw AnnotationFile.Refused(name, line, wrong.Message, wrong);
            }
        }

        return result;
    }

    private static ImportResult Take(StudyEditor editor, AnnotationWriter writer, string name, int line, Annotation read, Sheet sheet, ImportResult result)
    {
        Annotation? own = AnnotationTable.Read(editor, read.Annotator, read.Sheet);
        if (own is null || own.Revision < read.Revision)
        {
            writer.Write(read, sheet);
            return own is null ? result with { Added = result.Added + 1 } : result with { Replaced = result.Replaced + 1 };
        }

        if (own.Revision > read.Revision)
        {
            return result with { Older = result.Older + 1 };
        }

        return own.SaysTheSame(read)
            ? result with { Same = result.Same + 1 }
            : throw new InputRefusedException("KH5412", $"{name}: line {line}: the study has another annotation of this sheet by '{read.Annotator}' in the same revision {read.Revision}; it is not clear which is the later one.");
    }
}
