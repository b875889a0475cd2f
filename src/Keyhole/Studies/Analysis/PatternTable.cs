using System.Collections.Immutable;
using System.Globalization;
using Keyhole.Memories;
using Keyhole.Patterns;
using Keyhole.Statistics;
using Microsoft.Data.Sqlite;

namespace Keyhole.Studies.Analysis;

/// <summary>Tables <c>pattern</c>, one row a pattern that was found, <c>pattern_list</c>, one row a pole of a memory, and <c>pattern_layer</c>, one row a measure of a layer and source.</summary>
internal static class PatternTable
{
    private const string Table = "pattern";
    private const string ListColumns = "layer, expert, neuron, pole, prefixes, evidence, p, q";
    private const string Columns = "layer, expert, neuron, pole, class, text, ranks, evidence, lift, score, p, q";

    /// <summary>Writes the section in place of an earlier one.</summary>
    /// <exception cref="StudyNotWrittenException">KH5112.</exception>
    public static void Write(StudyEditor study, PatternResult result)
    {
        study.Execute("""
            DROP TABLE IF EXISTS pattern;
            DROP TABLE IF EXISTS pattern_list;
            DROP TABLE IF EXISTS pattern_layer;
            CREATE TABLE pattern (
                id INTEGER PRIMARY KEY, layer INTEGER NOT NULL, expert INTEGER NOT NULL, neuron INTEGER NOT NULL, pole TEXT NOT NULL, class TEXT NOT NULL, text TEXT NOT NULL,
                ranks TEXT NOT NULL, evidence INTEGER NOT NULL, lift REAL NOT NULL, score REAL NOT NULL, p REAL NOT NULL, q REAL NOT NULL);
            CREATE INDEX pattern_memory ON pattern (layer, expert, neuron);
            CREATE TABLE pattern_list (
                layer INTEGER NOT NULL, expert INTEGER NOT NULL, neuron INTEGER NOT NULL, pole TEXT NOT NULL, prefixes INTEGER NOT NULL, evidence INTEGER NOT NULL, p REAL, q REAL,
                PRIMARY KEY (layer, expert, neuron, pole)) WITHOUT ROWID;
            CREATE TABLE pattern_layer (
                id INTEGER PRIMARY KEY, layer INTEGER NOT NULL, source TEXT NOT NULL, lists INTEGER NOT NULL, prefixes INTEGER NOT NULL, measure TEXT NOT NULL,
                value REAL, lower REAL, upper REAL, n INTEGER NOT NULL);
            """);
        using SqliteCommand list = study.Prepare($"INSERT INTO pattern_list ({ListColumns}) VALUES ($a, $b, $c, $d, $e, $f, $g, $h)");
        using SqliteCommand pattern = study.Prepare($"INSERT INTO pattern ({Columns}) VALUES ($a, $b, $c, $d, $e, $f, $g, $h, $i, $j, $k, $l)");
        foreach (MemoryPatterns memory in result.Lists)
        {
            string pole = PoleName.Of(memory.Pole);
            study.Run(list, memory.Id.Layer, memory.Id.Expert, memory.Id.Index, pole, memory.Prefixes, memory.Evidence, memory.P, memory.Q);
            foreach (Pattern one in memory.Patterns)
            {
                study.Run(pattern, memory.Id.Layer, memory.Id.Expert, memory.Id.Index, pole, PatternClasses.NameOf(one.Class), one.Text, string.Join(',', one.Ranks), one.Evidence, one.Lift, one.Score, one.P, one.Q);
            }
        }

        using SqliteCommand layer = study.Prepare("INSERT INTO pattern_layer (layer, source, lists, prefixes, measure, value, lower, upper, n) VALUES ($a, $b, $c, $d, $e, $f, $g, $h, $i)");
        foreach (LayerPatterns one in result.Layers)
        {
            foreach ((PatternMeasure measure, Estimate estimate) in one.Measures)
            {
                study.Run(layer, one.Layer, one.Source, one.Lists, one.Prefixes, measure.ToString(), estimate.Value, estimate.Interval.Lower, estimate.Interval.Upper, estimate.N);
            }
        }

        AnalysisSections.Write(study, AnalysisSections.Patterns, result.Options);
    }

    /// <summary>Whether the study has patterns.</summary>
    public static bool IsIn(Study study) => study.HasTable(Table);

    /// <summary>All lists with their patterns, in the study's order; null where it has none.</summary>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static IReadOnlyList<MemoryPatterns>? Read(Study study) => IsIn(study) ? [.. Lists(study, string.Empty)] : null;

    /// <summary>The lists of a memory, the positive pole first; null where the study has no patterns.</summary>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static IReadOnlyList<MemoryPatterns>? Read(Study study, NeuronId id)
        => IsIn(study) ? [.. Lists(study, " WHERE layer = $a AND expert = $b AND neuron = $c", id.Layer, id.Expert, id.Index)] : null;

    /// <summary>The measures by layer and source; null where the study has no patterns.</summary>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static IReadOnlyList<LayerPatterns>? ReadLayers(Study study) => !IsIn(study) ? null :
    [
        .. study.Query("SELECT layer, source, lists, prefixes, measure, value, lower, upper, n FROM pattern_layer ORDER BY id", row =>
            (Layer: row.GetInt32(0), Source: row.GetString(1), Lists: row.GetInt64(2), Prefixes: row.GetInt64(3), Measure: Measure(row.GetString(4)),
                Estimate: new Estimate(row.Number(5), new Interval(row.Number(6), row.Number(7)), row.GetInt64(8))))
            .GroupBy(row => (row.Layer, row.Source)).Select(rows => new LayerPatterns
            {
                Layer = rows.Key.Layer,
                Source = rows.Key.Source,
                Lists = rows.First().Lists,
                Prefixes = rows.First().Prefixes,
                Measures = rows.DistinctBy(row => row.Measure).ToImmutableSortedDictionary(row => row.Measure, row => row.Estimate),
            }),
    ];

    private static IEnumerable<MemoryPatterns> Lists(Study study, string where, params object[] values)
    {
        ILookup<(NeuronId, Pole), Pattern> patterns = study.Query($"SELECT {Columns} FROM {Table}{where} ORDER BY id", row => (Key: Name(row), Pattern: new Pattern
        {
            Class = PatternClasses.Parse(row.GetString(4)),
            Text = row.GetString(5),
            Ranks = [.. row.GetString(6).Split(',').Select(rank => int.Parse(rank, NumberStyles.None, CultureInfo.InvariantCulture))],
            Evidence = row.GetInt32(7),
            Lift = row.GetDouble(8),
            Score = row.GetDouble(9),
            P = row.GetDouble(10),
            Q = row.GetDouble(11),
        }), values).ToLookup(row => row.Key, row => row.Pattern);
        return study.Query($"SELECT {ListColumns} FROM pattern_list{where} ORDER BY layer, expert, neuron, pole DESC", row => new MemoryPatterns
        {
            Id = Name(row).Id,
            Pole = Name(row).Pole,
            Prefixes = row.GetInt32(4),
            Evidence = row.GetInt32(5),
            P = row.Number(6),
            Q = row.Number(7),
            Patterns = [.. patterns[Name(row)]],
        }, values);
    }

    private static (NeuronId Id, Pole Pole) Name(SqliteDataReader row) => (new NeuronId(row.GetInt32(0), row.GetInt32(2), row.GetInt32(1)), PoleName.Parse(row.GetString(3)));

    private static PatternMeasure Measure(string name)
        => Enum.TryParse(name, out PatternMeasure measure) && Enum.IsDefined(measure) ? measure : throw new InvalidDataException($"'{name}' is no measure of patterns");
}
