using Keyhole.Studies;

namespace Keyhole.Annotations;

/// <summary>The tables of annotations in a study (docs/formats/study.md); made when they are first needed, and never touched by anything else.</summary>
internal static class AnnotationSchema
{
    /// <summary>Table of the project; one row.</summary>
    public const string Project = "annotation_project";

    /// <summary>Table of labels: the patterns of annotations, and free labels.</summary>
    public const string Label = "label";

    /// <summary>Index of the words of labels.</summary>
    public const string LabelText = "label_text";

    private const string Create = """
        CREATE TABLE IF NOT EXISTS annotation_project (
            id INTEGER PRIMARY KEY CHECK (id = 1), options TEXT NOT NULL, key BLOB NOT NULL, created TEXT NOT NULL, opened TEXT);
        CREATE TABLE IF NOT EXISTS annotation_sheet (
            number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, layer INTEGER NOT NULL, expert INTEGER, neuron INTEGER, pole TEXT,
            prefixes TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS annotation (
            annotator TEXT NOT NULL, sheet TEXT NOT NULL, revision INTEGER NOT NULL, key TEXT NOT NULL, done INTEGER NOT NULL, note TEXT NOT NULL,
            begun TEXT NOT NULL, saved TEXT NOT NULL, PRIMARY KEY (annotator, sheet)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS label (
            id INTEGER PRIMARY KEY, annotator TEXT NOT NULL, sheet TEXT, place INTEGER NOT NULL, layer INTEGER, expert INTEGER, neuron INTEGER, pole TEXT,
            kind TEXT NOT NULL, text TEXT NOT NULL, prefixes TEXT, saved TEXT NOT NULL, key TEXT);
        CREATE INDEX IF NOT EXISTS label_memory ON label (layer, expert, neuron);
        CREATE UNIQUE INDEX IF NOT EXISTS label_place ON label (annotator, sheet, place) WHERE sheet IS NOT NULL;
        CREATE UNIQUE INDEX IF NOT EXISTS label_key ON label (key) WHERE sheet IS NULL;
        CREATE VIRTUAL TABLE IF NOT EXISTS label_text USING fts5(words, content='', contentless_delete=1, detail=none, tokenize="unicode61 remove_diacritics 0 categories 'L* M* N* P* S* C*'");
        """;

    /// <summary>Makes the tables that are missing.</summary>
    public static void Ensure(StudyEditor editor) => editor.Execute(Create);

    /// <summary>Removes all of them.</summary>
    public static void Drop(StudyEditor editor) => editor.Execute("""
        DROP TABLE IF EXISTS annotation_project;
        DROP TABLE IF EXISTS annotation_sheet;
        DROP TABLE IF EXISTS annotation;
        DROP TABLE IF EXISTS label;
        DROP TABLE IF EXISTS label_text;
        """);

    /// <summary>Whether a study has the tables.</summary>
    public static bool IsIn(Study study) => study.HasTable(Label);
}
