using Keyhole.Memories;
using Keyhole.Mutations;

namespace Keyhole.Studies.Analysis;

/// <summary>Table <c>mutation</c>: one row a mutated trigger prefix.</summary>
internal static class MutationTable
{
    private const string Columns = "layer, expert, neuron, pole, unit, position, random, coefficient, without_first, without_last, without_random";

    /// <summary>Writes the section in place of an earlier one.</summary>
    /// <exception cref="StudyNotWrittenException">KH5112.</exception>
    public static void Write(StudyEditor study, IReadOnlyDictionary<string, string> options, IReadOnlyList<MutationRecord> rows)
    {
        study.Execute("""
            DROP TABLE IF EXISTS mutation;
            CREATE TABLE mutation (
                id INTEGER PRIMARY KEY, layer INTEGER NOT NULL, expert INTEGER NOT NULL, neuron INTEGER NOT NULL, pole TEXT NOT NULL,
                unit INTEGER NOT NULL, position INTEGER NOT NULL, random INTEGER NOT NULL,
                coefficient REAL NOT NULL, without_first REAL NOT NULL, without_last REAL NOT NULL, without_random REAL NOT NULL);
            """);
        using var insert = study.Prepare($"INSERT INTO mutation ({Columns}) VALUES ($a, $b, $c, $d, $e, $f, $g, $h, $i, $j, $k)");
        foreach (MutationRecord row in rows)
        {
            study.Run(insert, row.Id.Layer, row.Id.Expert, row.Id.Index, PoleName.Of(row.Pole), row.Unit, row.Position, row.Random,
                row.Coefficient, row.First, row.Last, row.RandomDropped);
        }

        AnalysisSections.Write(study, AnalysisSections.Mutations, options);
    }

    /// <summary>The records in the order in which they were written; null where the study has none.</summary>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static IReadOnlyList<MutationRecord>? Read(Study study) => study.HasTable("mutation")
        ? [.. study.Query($"SELECT {Columns} FROM mutation ORDER BY id", row => new MutationRecord(
            new NeuronId(row.GetInt32(0), row.GetInt32(2), row.GetInt32(1)), PoleName.Parse(row.GetString(3)), row.GetInt32(4), row.GetInt32(5), row.GetInt32(6),
            row.GetFloat(7), row.GetFloat(8), row.GetFloat(9), row.GetFloat(10)))]
        : null;
}
