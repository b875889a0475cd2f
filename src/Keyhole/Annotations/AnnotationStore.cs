using System.Collections.Immutable;
using System.Security.Cryptography;
using Keyhole.Engine;
using Keyhole.Memories;
using Keyhole.Studies;
using Microsoft.Data.Sqlite;

namespace Keyhole.Annotations;

/// <summary>Writes annotations and labels into a study: tables of its own, in short transactions, nothing else of the study is touched.</summary>
/// <remarks>
/// Safe for several threads: one writes at a time. Every method opens the file, so another program may write it in between; while it does (a run that adds an
/// analysis), a save waits for some seconds and is refused with KH5113 then. A study that cannot be written refuses with <see cref="StudyNotWrittenException"/> KH5112.
/// </remarks>
public sealed class AnnotationStore
{
    private const int KeyBytes = 32;

    private readonly string _path;
    private readonly TimeProvider _clock;
    private readonly Lock _writing = new();

    /// <summary>Prepares to write; the file is not opened yet.</summary>
    /// <param name="path">The study.</param>
    /// <param name="clock">Gives the time; null for the system's.</param>
    public AnnotationStore(string path, TimeProvider? clock = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = path;
        _clock = clock ?? TimeProvider.System;
    }

    /// <summary>Makes the study's annotation project, in place of an older one that nobody has annotated yet.</summary>
    /// <param name="study">The same study, open for reading.</param>
    /// <param name="options">What it shows.</param>
    /// <param name="cancellation">Stops the drawing of sheets; the study is as it was then.</param>
    /// <exception cref="InputRefusedException">KH5401, KH5402: no sheets can be drawn by these options; KH5404: the study has annotations; KH5105, KH5113.</exception>
    /// <exception cref="StudyNotWrittenException">KH5112: the study cannot be written.</exception>
    public AnnotationProject Create(Study study, AnnotationOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(options);
        byte[] key = RandomNumberGenerator.GetBytes(KeyBytes);
        AnnotationProject project = new(options, key, AnnotationText.Now(_clock), null, SheetSampler.Draw(study, options, key, cancellation));
        Write(editor =>
        {
            RequireNoAnnotations(editor);
            Keep(editor, project);
        });
        return project;
    }

    /// <summary>Keeps what annotators wrote: all of it in one transaction, in order. What a single save is refused for does not touch the others.</summary>
    /// <param name="saves">The saves.</param>
    /// <returns>What became of each.</returns>
    /// <exception cref="InputRefusedException">KH5113: another run writes the study; nothing is kept.</exception>
    /// <exception cref="StudyNotWrittenException">KH5112: the study cannot be written; nothing is kept.</exception>
    public IReadOnlyList<SaveResult> Save(IReadOnlyList<AnnotationSave> saves)
    {
        ArgumentNullException.ThrowIfNull(saves);
        SaveResult[] results = new SaveResult[saves.Count];
        Write(editor =>
        {
            using AnnotationWriter writer = new(editor);
            for (int i = 0; i < results.Length; i++)
            {
                results[i] = Save(writer, saves[i]);
            }
        });
        return results;
    }

    /// <summary>Gives a memory a free label, outside of blind sheets. A repeat with the same key changes nothing.</summary>
    /// <param name="study">The same study, open for reading.</param>
    /// <param name="memory">The memory.</param>
    /// <param name="annotator">Who gives it.</param>
    /// <param name="text">What the memory stands for.</param>
    /// <param name="kind">Shallow, syntactic or semantic.</param>
    /// <param name="key">The page's own name for this label.</param>
    /// <exception cref="InputRefusedException">KH5403: what it says cannot be kept; KH5405: the study has no such memory; KH5113.</exception>
    /// <exception cref="StudyNotWrittenException">KH5112: the study cannot be written.</exception>
    public void AddLabel(Study study, NeuronId memory, string annotator, string text, PatternKind kind, string key)
    {
        ArgumentNullException.ThrowIfNull(study);
        AnnotationRules.RequireKey(key);
        string name = AnnotationRules.Name(annotator);
        string trimmed = AnnotationRules.Text(text);
        if (study.Memory(memory) is null)
        {
            throw new InputRefusedException("KH5405", $"the study has no memory {memory}.");
        }

        Write(editor =>
        {
            using AnnotationWriter writer = new(editor);
            writer.AddLabel(memory, name, trimmed, kind, key, AnnotationText.Now(_clock));
        });
    }

    /// <summary>Removes a free label; gives whether there was one.</summary>
    /// <param name="number">Its number.</param>
    /// <exception cref="InputRefusedException">KH5113.</exception>
    /// <exception cref="StudyNotWrittenException">KH5112: the study cannot be written.</exception>
    public bool RemoveLabel(long number)
    {
        bool removed = false;
        Write(editor =>
        {
            using AnnotationWriter writer = new(editor);
            removed = writer.RemoveLabel(number);
        });
        return removed;
    }

    /// <summary>Opens the results: from now on labels of sheets are shown, and annotations are no longer blind. The first time stays.</summary>
    /// <exception cref="InputRefusedException">KH5406: the study has no project; KH5113.</exception>
    /// <exception cref="StudyNotWrittenException">KH5112: the study cannot be written.</exception>
    public void OpenResults() => Write(editor =>
    {
        using SqliteCommand open = editor.Prepare($"UPDATE {AnnotationSchema.Project} SET opened = coalesce(opened, $a)");
        if (editor.Change(open, AnnotationText.Of(AnnotationText.Now(_clock))) == 0)
        {
            throw new InputRefusedException("KH5406", $"{_path}: the study has no annotation project.");
        }
    });

    /// <summary>Removes the project, all annotations and all labels.</summary>
    /// <exception cref="InputRefusedException">KH5113.</exception>
    /// <exception cref="StudyNotWrittenException">KH5112: the study cannot be written.</exception>
    public void Clear()
    {
        lock (_writing)
        {
            using StudyEditor editor = StudyEditor.Open(_path);
            AnnotationSchema.Drop(editor);
            editor.Commit();
        }
    }

    /// <summary>Runs one transaction, with the tables there.</summary>
    internal void Write(Action<StudyEditor> write)
    {
        lock (_writing)
        {
            using StudyEditor editor = StudyEditor.Open(_path);
            AnnotationSchema.Ensure(editor);
            write(editor);
            editor.Commit();
        }
    }

    /// <summary>Writes a project in place of another.</summary>
    internal static void Keep(StudyEditor editor, AnnotationProject project)
    {
        editor.Execute("DELETE FROM annotation_project; DELETE FROM annotation_sheet");
        using SqliteCommand row = editor.Prepare("INSERT INTO annotation_project (id, options, key, created, opened) VALUES (1, $a, $b, $c, $d)");
        editor.Run(row, AnnotationTable.WriteOptions(project.Options), project.Key, AnnotationText.Of(project.Created), project.Opened is { } opened ? AnnotationText.Of(opened) : null);
        using SqliteCommand insert = editor.Prepare("INSERT INTO annotation_sheet (number, id, kind, layer, expert, neuron, pole, prefixes) VALUES ($a, $b, $c, $d, $e, $f, $g, $h)");
        foreach ((int number, Sheet sheet) in project.Sheets.Index())
        {
            editor.Run(insert, number, sheet.Id, AnnotationText.Of(sheet.Kind), sheet.Layer, sheet.Memory?.Expert, sheet.Memory?.Index,
                sheet.Memory is null ? null : Studies.Analysis.PoleName.Of(sheet.Pole), AnnotationText.Of(sheet.Prefixes));
        }
    }

    private SaveResult Save(AnnotationWriter writer, AnnotationSave save)
    {
        try
        {
            return writer.Save(save, AnnotationText.Now(_clock));
        }
        catch (InputRefusedException refused) when (refused.Code is "KH5403" or "KH5407" or "KH5408")
        {
            return new SaveResult(SaveOutcome.Refused, 0, refused);
        }
    }

    private static void RequireNoAnnotations(StudyEditor editor)
    {
        if (editor.First("SELECT count(*) FROM annotation", row => row.GetInt64(0)) is var annotations and > 0)
        {
            throw new InputRefusedException("KH5404",
                $"the study's annotation project has {annotations} annotations already; export and clear them first ('keyhole annotations STUDY --export FILE --clear').");
        }
    }
}
