using Keyhole.Compat;
using Microsoft.Data.Sqlite;

namespace Keyhole.Studies.Analysis;

/// <summary>Table <c>compat</c>: the released code's numbers under its own field names, a row for each prefix and layer.</summary>
internal static class CompatTable
{
    private const string Table = "compat";
    private const string Place = "prefix, layer, sentence, random_pos";
    private const int FirstField = 4;

    private static string Fields => string.Join(", ", CompatFields.All.Select(one => one.Name));

    /// <summary>Writes all prefixes, in place of earlier ones.</summary>
    /// <param name="study">The study.</param>
    /// <param name="options">Every option that decides the result.</param>
    /// <param name="rows">The prefixes, in order.</param>
    /// <exception cref="StudyNotWrittenException">KH5112.</exception>
    public static void Write(StudyEditor study, IReadOnlyDictionary<string, string> options, IReadOnlyList<CompatTrace> rows)
    {
        study.Execute($"""
            DROP TABLE IF EXISTS {Table};
            CREATE TABLE {Table} (
                prefix INTEGER NOT NULL, layer INTEGER NOT NULL, sentence INTEGER NOT NULL, random_pos INTEGER NOT NULL,
                {string.Join(", ", CompatFields.All.Select(field => field.Name + (field.Name.EndsWith("_prob", StringComparison.Ordinal) ? " REAL NOT NULL" : " INTEGER NOT NULL")))},
                PRIMARY KEY (prefix, layer)) WITHOUT ROWID;
            """);
        string parameters = string.Join(", ", Enumerable.Range(0, FirstField + CompatFields.All.Length).Select(i => "$" + (char)('a' + i)));
        using SqliteCommand insert = study.Prepare($"INSERT INTO {Table} ({Place}, {Fields}) VALUES ({parameters})");
        for (int prefix = 0; prefix < rows.Count; prefix++)
        {
            CompatTrace row = rows[prefix];
            for (int layer = 0; layer < row.Layers.Length; layer++)
            {
                CompatReading read = row.Layers[layer];
                study.Run(insert, [prefix, layer, row.Unit, row.Position, .. CompatFields.All.Select(field => field.Value(read))]);
            }
        }

        AnalysisSections.Write(study, AnalysisSections.Compat, options);
    }

    /// <summary>All prefixes in order; null where the study was not analysed so.</summary>
    /// <param name="study">The study.</param>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static IReadOnlyList<CompatTrace>? Read(Study study)
    {
        if (!study.HasTable(Table))
        {
            return null;
        }

        int layers = study.Shape.Layers;
        foreach (long _ in study.Query($"SELECT prefix, count(*), max(layer) FROM {Table} GROUP BY prefix", row => row.GetInt32(1) == layers && row.GetInt32(2) == layers - 1 ? row.GetInt64(0) : throw new InvalidDataException($"prefix {row.GetInt64(0)} of the table {Table} lacks a layer")))
        {
            // Reading a row is the check.
        }

        return [.. study.Query($"SELECT {Place}, {Fields} FROM {Table} ORDER BY prefix, layer", row => (Prefix: row.GetInt64(0), Unit: row.GetInt32(2), Position: row.GetInt32(3), Read: Reading(row)))
            .GroupBy(row => row.Prefix)
            .Select(prefix => new CompatTrace { Unit = prefix.First().Unit, Position = prefix.First().Position, Layers = [.. prefix.Select(row => row.Read)] })];
    }

    private static CompatReading Reading(SqliteDataReader row)
    {
        int Whole(string name) => row.GetInt32(row.GetOrdinal(name));
        double Real(string name) => row.GetDouble(row.GetOrdinal(name));
        return new CompatReading
        {
            OutputTop = Whole("layer_output_argmax"),
            OutputTopProbability = Real("layer_output_argmax_prob"),
            ResidualTop = Whole("residual_argmax"),
            ResidualTopProbability = Real("residual_argmax_prob"),
            FinalRankInResidual = Whole("residual_output_rank"),
            FinalProbabilityInResidual = Real("residual_output_prob"),
            UpdateTop = Whole("ffn_argmax"),
            UpdateTopProbability = Real("ffn_argmax_prob"),
            FinalRankInUpdate = Whole("ffn_output_rank"),
            FinalProbabilityInUpdate = Real("ffn_output_prob"),
            ResidualTopRankInUpdate = Whole("ffn_residual_output_rank"),
            ResidualTopProbabilityInUpdate = Real("ffn_residual_output_prob"),
            MatchingMemories = Whole("ffn_matching_dims_count"),
            PositiveEntries = Whole("coeffs_l0"),
            ResidualNormRank = Whole("coeffs_residual_rank"),
        };
    }
}
