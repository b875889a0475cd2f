using System.Collections.Immutable;
using Keyhole.Memories;
using Keyhole.Search;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;
using Microsoft.Data.Sqlite;

namespace Keyhole.Annotations;

/// <summary>Reads the labels of memories: free ones, and once the results of the annotation project are open those of its true sheets.</summary>
public static class LabelTable
{
    private const string Select = """
        SELECT l.id, l.layer, l.expert, l.neuron, l.pole, l.annotator, l.text, l.kind, l.prefixes, s.prefixes, l.saved
        FROM label l LEFT JOIN annotation_sheet s ON s.id = l.sheet
        WHERE l.layer IS NOT NULL AND l.text <> '' AND (l.sheet IS NULL OR EXISTS (SELECT 1 FROM annotation_project WHERE opened IS NOT NULL))
        """;

    private const string Order = " ORDER BY l.layer, l.expert, l.neuron, l.sheet IS NULL, l.annotator, l.place, l.id";

    /// <summary>The labels of a memory: those of sheets first, then free ones.</summary>
    /// <param name="study">The study.</param>
    /// <param name="id">The memory.</param>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static ImmutableArray<Label> Read(Study study, NeuronId id)
    {
        ArgumentNullException.ThrowIfNull(study);
        return AnnotationSchema.IsIn(study)
            ? [.. study.Query($"{Select} AND l.layer = $a AND l.expert = $b AND l.neuron = $c{Order}", Row, id.Layer, id.Expert, id.Index)]
            : [];
    }

    /// <summary>All labels in the study's order.</summary>
    /// <param name="study">The study.</param>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static ImmutableArray<Label> Read(Study study)
    {
        ArgumentNullException.ThrowIfNull(study);
        return AnnotationSchema.IsIn(study) ? [.. study.Query(Select + Order, Row)] : [];
    }

    /// <summary>Whether there is a label to be seen.</summary>
    /// <param name="study">The study.</param>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static bool Any(Study study)
    {
        ArgumentNullException.ThrowIfNull(study);
        return AnnotationSchema.IsIn(study) && study.Query(Select + " LIMIT 1", Row).Any();
    }

    /// <summary>Labels that may hold the words of a query, by the index; whether they do, and where, their text tells.</summary>
    internal static IEnumerable<Label> Candidates(Study study, string indexQuery)
        => study.Query($"{Select} AND l.id IN (SELECT rowid FROM label_text WHERE label_text MATCH $a){Order}", Row, indexQuery);

    /// <summary>The words of a label as the index has them.</summary>
    internal static string Words(string text) => string.Join(' ', TextWord.Of(text).Select(word => word.Folded));

    private static Label Row(SqliteDataReader row) => new(
        row.GetInt64(0),
        new NeuronId(row.GetInt32(1), row.GetInt32(3), row.GetInt32(2)),
        row.IsDBNull(4) ? null : PoleName.Parse(row.GetString(4)),
        row.GetString(5),
        row.GetString(6),
        AnnotationText.ReadPatternKind(row.GetString(7)),
        row.IsDBNull(8) ? null : (AnnotationText.ReadPlaces(row.GetString(8)).Length, AnnotationText.ReadPrefixes(row.GetString(9)).Length),
        AnnotationText.ReadTime(row.GetString(10)));
}
