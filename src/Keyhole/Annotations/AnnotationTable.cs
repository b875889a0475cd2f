using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Keyhole.Memories;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;
using Microsoft.Data.Sqlite;

namespace Keyhole.Annotations;

/// <summary>Reads the annotation project of a study and what its annotators wrote.</summary>
public static class AnnotationTable
{
    /// <summary>The columns that <see cref="SheetRow"/> reads.</summary>
    internal const string SheetColumns = "id, kind, layer, expert, neuron, pole, prefixes";

    private const string Columns = "annotator, sheet, revision, key, done, note, begun, saved";

    /// <summary>The project; null where the study has none.</summary>
    /// <param name="study">The study.</param>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static AnnotationProject? Project(Study study)
    {
        ArgumentNullException.ThrowIfNull(study);
        if (!study.HasTable(AnnotationSchema.Project))
        {
            return null;
        }

        ImmutableArray<Sheet> sheets = [.. study.Query($"SELECT {SheetColumns} FROM annotation_sheet ORDER BY number", SheetRow)];
        return study.Query($"SELECT options, key, created, opened FROM {AnnotationSchema.Project}", row => new AnnotationProject(
            ReadOptions(row.GetString(0)), row.GetFieldValue<byte[]>(1), AnnotationText.ReadTime(row.GetString(2)), row.IsDBNull(3) ? null : AnnotationText.ReadTime(row.GetString(3)), sheets)).SingleOrDefault();
    }

    /// <summary>The project, not read again where it is the one that is known.</summary>
    internal static AnnotationProject? Project(Study study, AnnotationProject? known)
        => known is not null && study.HasTable(AnnotationSchema.Project) && study.Query("SELECT key, opened FROM annotation_project",
            row => (Key: row.GetFieldValue<byte[]>(0), Opened: row.IsDBNull(1) ? null : row.GetString(1))).SingleOrDefault() is { Key: { } key } row
            && key.AsSpan().SequenceEqual(known.Key) && row.Opened == (known.Opened is { } opened ? AnnotationText.Of(opened) : null)
            ? known
            : Project(study);

    /// <summary>All annotations in order of annotator and sheet id.</summary>
    /// <param name="study">The study.</param>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static ImmutableArray<Annotation> Read(Study study)
    {
        ArgumentNullException.ThrowIfNull(study);
        if (!AnnotationSchema.IsIn(study))
        {
            return [];
        }

        ILookup<(string, string), AnnotationPattern> patterns = study.Query("SELECT annotator, sheet, text, kind, prefixes FROM label WHERE sheet IS NOT NULL ORDER BY annotator, sheet, place",
            row => (At: (row.GetString(0), row.GetString(1)), Pattern: PatternRow(row, 2))).ToLookup(row => row.At, row => row.Pattern);
        return [.. study.Query($"SELECT {Columns} FROM annotation ORDER BY annotator, sheet", row => Row(row, patterns[(row.GetString(0), row.GetString(1))]))];
    }

    /// <summary>One annotation; null where there is none.</summary>
    /// <param name="study">The study.</param>
    /// <param name="annotator">The annotator's name.</param>
    /// <param name="sheet">The sheet's id.</param>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static Annotation? Read(Study study, string annotator, string sheet)
    {
        ArgumentNullException.ThrowIfNull(study);
        if (!AnnotationSchema.IsIn(study))
        {
            return null;
        }

        AnnotationPattern[] patterns = [.. study.Query("SELECT text, kind, prefixes FROM label WHERE annotator = $a AND sheet = $b ORDER BY place", row => PatternRow(row, 0), annotator, sheet)];
        return study.Query($"SELECT {Columns} FROM annotation WHERE annotator = $a AND sheet = $b", row => Row(row, patterns), annotator, sheet).SingleOrDefault();
    }

    /// <summary>One annotation, read inside a transaction; null where there is none.</summary>
    internal static Annotation? Read(StudyEditor editor, string annotator, string sheet)
    {
        List<AnnotationPattern> patterns = editor.All("SELECT text, kind, prefixes FROM label WHERE annotator = $a AND sheet = $b ORDER BY place", row => PatternRow(row, 0), annotator, sheet);
        return editor.First($"SELECT {Columns} FROM annotation WHERE annotator = $a AND sheet = $b", row => Row(row, patterns), annotator, sheet);
    }

    /// <summary>What annotators have begun, in order of name and sheet id, without what they wrote.</summary>
    /// <param name="study">The study.</param>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static ImmutableArray<(string Annotator, string Sheet, bool Done)> Progress(Study study)
    {
        ArgumentNullException.ThrowIfNull(study);
        return AnnotationSchema.IsIn(study)
            ? [.. study.Query("SELECT annotator, sheet, done FROM annotation ORDER BY annotator, sheet", row => (row.GetString(0), row.GetString(1), row.GetInt32(2) != 0))]
            : [];
    }

    /// <summary>What one annotator has begun, without what is written.</summary>
    internal static IEnumerable<(string Sheet, bool Done)> Progress(Study study, string annotator) => AnnotationSchema.IsIn(study)
        ? study.Query("SELECT sheet, done FROM annotation WHERE annotator = $a", row => (row.GetString(0), row.GetInt32(1) != 0), annotator)
        : [];

    /// <summary>Options as the table keeps them.</summary>
    internal static string WriteOptions(AnnotationOptions options) => JsonSerializer.Serialize(new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["context"] = Number(options.Context),
        ["decoys"] = Number(options.Decoys),
        ["layers"] = options.Layers is null ? "all" : string.Join(',', options.Layers),
        ["per-layer"] = Number(options.PerLayer),
        ["prefixes"] = Number(options.Prefixes),
        ["seed"] = options.Seed.ToString(CultureInfo.InvariantCulture),
    });

    /// <exception cref="FormatException">The text has no such options.</exception>
    internal static AnnotationOptions ReadOptions(string json)
    {
        Dictionary<string, string> options;
        try
        {
            options = JsonSerializer.Deserialize<Dictionary<string, string>>(json) ?? [];
        }
        catch (JsonException wrong)
        {
            throw new FormatException("the options of the annotation project are no JSON object of strings", wrong);
        }

        return new AnnotationOptions
        {
            Context = Number(options, "context"),
            Decoys = Number(options, "decoys"),
            Layers = Option(options, "layers") is "all" ? null : [.. Option(options, "layers").Split(',').Select(layer => int.Parse(layer, NumberStyles.None, CultureInfo.InvariantCulture))],
            PerLayer = Number(options, "per-layer"),
            Prefixes = Number(options, "prefixes"),
            Seed = ulong.Parse(Option(options, "seed"), NumberStyles.None, CultureInfo.InvariantCulture),
        };
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static int Number(Dictionary<string, string> options, string name) => int.Parse(Option(options, name), NumberStyles.None, CultureInfo.InvariantCulture);

    private static string Option(Dictionary<string, string> options, string name)
        => options.GetValueOrDefault(name) ?? throw new FormatException($"option '{name}' of the annotation project is missing");

    internal static Sheet SheetRow(SqliteDataReader row) => new()
    {
        Id = row.GetString(0),
        Kind = AnnotationText.ReadSheetKind(row.GetString(1)),
        Layer = row.GetInt32(2),
        Memory = row.IsDBNull(4) ? null : new NeuronId(row.GetInt32(2), row.GetInt32(4), row.GetInt32(3)),
        Pole = row.IsDBNull(5) ? Pole.Positive : PoleName.Parse(row.GetString(5)),
        Prefixes = AnnotationText.ReadPrefixes(row.GetString(6)),
    };

    private static AnnotationPattern PatternRow(SqliteDataReader row, int first)
        => new(row.GetString(first), AnnotationText.ReadPatternKind(row.GetString(first + 1)), AnnotationText.ReadPlaces(row.GetString(first + 2)));

    private static Annotation Row(SqliteDataReader row, IEnumerable<AnnotationPattern> patterns) => new()
    {
        Annotator = row.GetString(0),
        Sheet = row.GetString(1),
        Revision = row.GetInt32(2),
        Key = row.GetString(3),
        Patterns = [.. patterns],
        Done = row.GetInt32(4) != 0,
        Note = row.GetString(5),
        Begun = AnnotationText.ReadTime(row.GetString(6)),
        Saved = AnnotationText.ReadTime(row.GetString(7)),
    };
}
