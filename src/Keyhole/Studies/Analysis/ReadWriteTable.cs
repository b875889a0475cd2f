using System.Globalization;
using Keyhole.Memories;
using Keyhole.ReadWrite;
using Microsoft.Data.Sqlite;

namespace Keyhole.Studies.Analysis;

/// <summary>Table <c>read_write</c>: one row a memory with the cosines of its weights; a cosine with a vector of zeros is NULL.</summary>
internal static class ReadWriteTable
{
    /// <summary>Option of the section: the dimension of the space that the vectors lie in.</summary>
    public const string Dimension = "dimension";

    private const string Table = "read_write";
    private const string Columns = "layer, expert, neuron, in_out, gate_out, gate_in";

    /// <summary>Writes the section in place of an earlier one.</summary>
    /// <param name="study">The study.</param>
    /// <param name="options">What decided the result.</param>
    /// <param name="rows">In the study's order.</param>
    /// <exception cref="StudyNotWrittenException">KH5112.</exception>
    public static void Write(StudyEditor study, IReadOnlyDictionary<string, string> options, IReadOnlyList<ReadWriteRecord> rows)
    {
        study.Execute($"""
            DROP TABLE IF EXISTS {Table};
            CREATE TABLE {Table} (
                layer INTEGER NOT NULL, expert INTEGER NOT NULL, neuron INTEGER NOT NULL, in_out REAL, gate_out REAL, gate_in REAL,
                PRIMARY KEY (layer, expert, neuron)) WITHOUT ROWID;
            """);
        using SqliteCommand insert = study.Prepare($"INSERT INTO {Table} ({Columns}) VALUES ($a, $b, $c, $d, $e, $f)");
        foreach (ReadWriteRecord row in rows)
        {
            study.Run(insert, row.Id.Layer, row.Id.Expert, row.Id.Index, row.InOut, row.GateOut, row.GateIn);
        }

        AnalysisSections.Write(study, AnalysisSections.ReadWrite, options);
    }

    /// <summary>All records in the study's order; null where the study has none.</summary>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static IReadOnlyList<ReadWriteRecord>? Read(Study study)
        => IsIn(study) ? [.. study.Query($"SELECT {Columns} FROM {Table} ORDER BY layer, expert, neuron", row => Record(study, row))] : null;

    /// <summary>The record of one memory; null where the study has none.</summary>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static ReadWriteRecord? Read(Study study, NeuronId id) => IsIn(study)
        ? study.Query($"SELECT {Columns} FROM {Table} WHERE layer = $a AND expert = $b AND neuron = $c", row => (ReadWriteRecord?)Record(study, row), id.Layer, id.Expert, id.Index).SingleOrDefault()
        : null;

    /// <summary>The dimension of the space that the vectors lie in. The study has records.</summary>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static int DimensionOf(Study study)
        => int.TryParse(AnalysisSections.Read(study, AnalysisSections.ReadWrite)?.GetValueOrDefault(Dimension), NumberStyles.None, CultureInfo.InvariantCulture, out int dimension) && dimension > 0
            ? dimension
            : throw Study.Damaged(study.FilePath, new InvalidDataException($"option '{Dimension}' of section '{AnalysisSections.ReadWrite}' is no dimension"));

    // Without its options the records have no null to stand beside.
    private static bool IsIn(Study study) => AnalysisSections.Read(study, AnalysisSections.ReadWrite) is not null && study.HasTable(Table);

    private static ReadWriteRecord Record(Study study, SqliteDataReader row)
        => new(new NeuronId(row.GetInt32(0), row.GetInt32(2), row.GetInt32(1)), Cosine(row, 3), study.Shape.Gated ? Cosine(row, 4) : null, study.Shape.Gated ? Cosine(row, 5) : null);

    private static double Cosine(SqliteDataReader row, int column)
    {
        double cosine = row.Number(column);
        return cosine is < -1 or > 1 ? throw new InvalidDataException($"a cosine is {cosine}") : cosine;
    }
}
