using Keyhole.Memories;
using Keyhole.Mutations;

namespace Keyhole.Studies.Analysis;

/// <summary>Table <c>reach</c>: one row a trigger prefix whose tokens were dropped in turn.</summary>
internal static class ReachTable
{
    private const string Columns = "layer, expert, neuron, pole, unit, position, distance, coefficient, dropped";

    /// <summary>Writes the section in place of an earlier one.</summary>
    /// <exception cref="StudyNotWrittenException">KH5112.</exception>
    public static void Write(StudyEditor study, IReadOnlyDictionary<string, string> options, IReadOnlyList<ReachRecord> rows)
    {
        study.Execute("""
            DROP TABLE IF EXISTS reach;
            CREATE TABLE reach (
                id INTEGER PRIMARY KEY, layer INTEGER NOT NULL, expert INTEGER NOT NULL, neuron INTEGER NOT NULL, pole TEXT NOT NULL,
                unit INTEGER NOT NULL, position INTEGER NOT NULL, distance INTEGER NOT NULL, coefficient REAL NOT NULL, dropped REAL NOT NULL);
            """);
        using var insert = study.Prepare($"INSERT INTO reach ({Columns}) VALUES ($a, $b, $c, $d, $e, $f, $g, $h, $i)");
        foreach (ReachRecord row in rows)
        {
            study.Run(insert, row.Id.Layer, row.Id.Expert, row.Id.Index, PoleName.Of(row.Pole), row.Unit, row.Position, row.Distance, row.Coefficient, row.Dropped);
        }

        AnalysisSections.Write(study, AnalysisSections.Reach, options);
    }

    /// <summary>The records in the order in which they were written; null where the study has none.</summary>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static IReadOnlyList<ReachRecord>? Read(Study study) => study.HasTable("reach")
        ? [.. study.Query($"SELECT {Columns} FROM reach ORDER BY id", row => new ReachRecord(
            new NeuronId(row.GetInt32(0), row.GetInt32(2), row.GetInt32(1)), PoleName.Parse(row.GetString(3)), row.GetInt32(4), row.GetInt32(5), row.GetInt32(6),
            row.GetFloat(7), row.GetFloat(8)))]
        : null;
}
