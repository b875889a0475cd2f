using System.Text.Json;
using Keyhole.Exports;
using Keyhole.Memories;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;

namespace Keyhole.Annotations;

/// <summary>Writes the annotations of a study as JSON lines (docs/formats/annotations.md): the study, the project, its sheets with their texts, then a line an annotation and a line a free label.</summary>
public static class AnnotationExport
{
    /// <summary>Version of the lines.</summary>
    public const int Version = 1;

    /// <summary>Writes the lines; the same bytes for the same annotations.</summary>
    /// <param name="study">The study.</param>
    /// <param name="stream">Where to; it stays open.</param>
    /// <returns>Numbers of annotations and of free labels.</returns>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static (int Annotations, int Labels) Write(Study study, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(stream);
        using JsonLineWriter lines = new(stream);
        lines.Line(json => WriteStudy(json, study.Provenance));
        if (AnnotationTable.Project(study) is { } project)
        {
            lines.Line(json => WriteProject(json, project));
            foreach (Sheet sheet in project.Sheets)
            {
                lines.Line(json => WriteSheet(json, study, project, sheet));
            }
        }

        int annotations = 0;
        foreach (Annotation annotation in AnnotationTable.Read(study))
        {
            lines.Line(json => WriteAnnotation(json, annotation));
            annotations++;
        }

        int labels = 0;
        foreach (FreeLabel label in FreeLabel.Read(study))
        {
            lines.Line(json => WriteLabel(json, label));
            labels++;
        }

        return (annotations, labels);
    }

    /// <summary>Writes the lines to a file, in place of an older one when all of them are whole.</summary>
    /// <param name="study">The study.</param>
    /// <param name="path">The file.</param>
    /// <returns>Numbers of annotations and of free labels.</returns>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    /// <exception cref="StudyNotWrittenException">KH5120: the file cannot be written.</exception>
    public static (int Annotations, int Labels) WriteFile(Study study, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string full = Path.GetFullPath(path);
        (int, int) written = default;
        using ExportFolder folder = new(Path.GetDirectoryName(full)!);
        folder.Write(Path.GetFileName(full), stream => written = Write(study, stream));
        folder.Complete();
        return written;
    }

    /// <summary>Whether a study has anything to write beside its own name.</summary>
    /// <param name="study">The study.</param>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static bool HasContent(Study study)
    {
        ArgumentNullException.ThrowIfNull(study);
        return AnnotationSchema.IsIn(study) && (study.Query("SELECT 1 FROM annotation_project", _ => true).Any() || FreeLabel.Read(study).Any());
    }

    private static void WriteStudy(Utf8JsonWriter json, StudyProvenance provenance)
    {
        json.WriteString("type", "study");
        json.WriteNumber("version", Version);
        foreach ((string name, string value) in AnnotatedStudy.Identity(provenance))
        {
            json.WriteString(name, value);
        }
    }

    private static void WriteProject(Utf8JsonWriter json, AnnotationProject project)
    {
        json.WriteString("type", "project");
        json.WritePropertyName("options");
        json.WriteRawValue(AnnotationTable.WriteOptions(project.Options));
        json.WriteString("key", Convert.ToHexStringLower(project.Key));
        json.WriteString("created", AnnotationText.Of(project.Created));
        json.WriteString("opened", project.Opened is { } opened ? AnnotationText.Of(opened) : null);
    }

    private static void WriteSheet(Utf8JsonWriter json, Study study, AnnotationProject project, Sheet sheet)
    {
        json.WriteString("type", "sheet");
        json.WriteString("sheet", sheet.Id);
        json.WriteString("kind", AnnotationText.Of(sheet.Kind));
        json.WriteNumber("layer", sheet.Layer);
        if (sheet.Memory is { } memory)
        {
            WriteMemory(json, memory);
            json.WriteString("pole", PoleName.Of(sheet.Pole));
        }

        json.WriteStartArray("prefixes");
        foreach (SheetPrefix prefix in sheet.Prefixes)
        {
            SheetText text = SheetText.Of(study, prefix, project.Options.Context);
            json.WriteStartObject();
            json.WriteNumber("unit", prefix.Unit);
            json.WriteNumber("position", prefix.Position);
            json.WriteString("text", text.Before);
            json.WriteString("last", text.Last);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteAnnotation(Utf8JsonWriter json, Annotation annotation)
    {
        json.WriteString("type", "annotation");
        json.WriteString("annotator", annotation.Annotator);
        json.WriteString("sheet", annotation.Sheet);
        json.WriteNumber("revision", annotation.Revision);
        json.WriteString("key", annotation.Key);
        json.WriteBoolean("done", annotation.Done);
        json.WriteString("begun", AnnotationText.Of(annotation.Begun));
        json.WriteString("saved", AnnotationText.Of(annotation.Saved));
        json.WriteStartArray("patterns");
        foreach (AnnotationPattern pattern in annotation.Patterns)
        {
            json.WriteStartObject();
            json.WriteString("text", pattern.Text);
            json.WriteString("kind", AnnotationText.Of(pattern.Kind));
            json.WriteStartArray("prefixes");
            foreach (int place in pattern.Prefixes)
            {
                json.WriteNumberValue(place);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("note", annotation.Note);
    }

    private static void WriteLabel(Utf8JsonWriter json, FreeLabel label)
    {
        json.WriteString("type", "label");
        json.WriteString("annotator", label.Annotator);
        json.WriteNumber("layer", label.Memory.Layer);
        WriteMemory(json, label.Memory);
        json.WriteString("text", label.Text);
        json.WriteString("kind", AnnotationText.Of(label.Kind));
        json.WriteString("saved", AnnotationText.Of(label.Saved));
        json.WriteString("key", label.Key);
    }

    private static void WriteMemory(Utf8JsonWriter json, NeuronId memory)
    {
        json.WriteNumber("index", memory.Index);
        if (memory.Expert >= 0)
        {
            json.WriteNumber("expert", memory.Expert);
        }
    }
}
