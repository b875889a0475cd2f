using System.Collections.Immutable;
using Keyhole.Composition;
using Microsoft.Data.Sqlite;

namespace Keyhole.Studies.Analysis;

/// <summary>
/// The prefixes of section 5: table <c>prefix</c>, a row each, and table <c>prefix_layer</c>, a row for each layer's r and one more (layer = L) for the output. Where the
/// readout is not linear, table <c>prefix_product</c> says of each layer's products m v what <c>prefix_layer</c> says of its values.
/// </summary>
internal static class PrefixTable
{
    private const string Table = "prefix";
    private const string Products = "prefix_product";

    private const string Create = """
        DROP TABLE IF EXISTS prefix_product;
        DROP TABLE IF EXISTS prefix_layer;
        DROP TABLE IF EXISTS prefix;
        CREATE TABLE prefix (
            id INTEGER PRIMARY KEY, unit INTEGER NOT NULL, position INTEGER NOT NULL, tokens INTEGER NOT NULL,
            target INTEGER, current INTEGER NOT NULL, final INTEGER NOT NULL, text TEXT NOT NULL);
        CREATE TABLE prefix_layer (
            prefix INTEGER NOT NULL, layer INTEGER NOT NULL,
            top_r INTEGER, top_y INTEGER, top_o INTEGER, linear_top_r INTEGER, linear_top_o INTEGER,
            active_share REAL, positive_share REAL, zero_agreement INTEGER, zero_agreement_over_all INTEGER,
            target_rank REAL, target_probability REAL, final_rank REAL, final_probability REAL, current_rank REAL, shuffled_rank REAL, entropy REAL,
            PRIMARY KEY (prefix, layer)) WITHOUT ROWID;
        """;

    private const string CreateProducts = "CREATE TABLE prefix_product (prefix INTEGER NOT NULL, layer INTEGER NOT NULL, zero_agreement INTEGER NOT NULL, PRIMARY KEY (prefix, layer)) WITHOUT ROWID;";

    private const string Readings = "target_rank, target_probability, final_rank, final_probability, current_rank, shuffled_rank, entropy";

    /// <summary>Writes all prefixes, in place of earlier ones.</summary>
    /// <param name="study">The study.</param>
    /// <param name="options">Every option that decides the result.</param>
    /// <param name="rows">The prefixes, in order.</param>
    /// <exception cref="StudyNotWrittenException">KH5112.</exception>
    public static void Write(StudyEditor study, IReadOnlyDictionary<string, string> options, IReadOnlyList<PrefixTrace> rows)
    {
        study.Execute(Create);
        using SqliteCommand prefix = study.Prepare("INSERT INTO prefix (id, unit, position, tokens, target, current, final, text) VALUES ($a, $b, $c, $d, $e, $f, $g, $h)");
        using SqliteCommand layer = study.Prepare($"INSERT INTO prefix_layer (prefix, layer, top_r, top_y, top_o, linear_top_r, linear_top_o, active_share, positive_share, zero_agreement, zero_agreement_over_all, {Readings}) VALUES ($a, $b, $c, $d, $e, $f, $g, $h, $i, $j, $k, $l, $m, $n, $o, $p, $q, $r)");
        for (int id = 0; id < rows.Count; id++)
        {
            PrefixTrace row = rows[id];
            study.Run(prefix, id, row.Unit, row.Position, row.Tokens, row.Target < 0 ? null : row.Target, row.Current, row.Final, row.Text);
            for (int l = 0; l < row.Layers.Length; l++)
            {
                PrefixLayer at = row.Layers[l];
                StateReading r = at.R;
                study.Run(layer, id, l, at.TopR, at.TopY, at.TopO, at.LinearTopR, at.LinearTopO, at.ActiveShare, at.PositiveShare, at.ZeroAgreement, at.ZeroAgreementOverAll,
                    r.TargetRank, r.TargetProbability, r.FinalRank, r.FinalProbability, r.CurrentRank, r.ShuffledRank, r.Entropy);
            }

            StateReading output = row.Output;
            study.Run(layer, id, row.Layers.Length, null, null, null, null, null, null, null, null, null,
                output.TargetRank, output.TargetProbability, output.FinalRank, output.FinalProbability, output.CurrentRank, output.ShuffledRank, output.Entropy);
        }

        if (rows.Any(row => row.Layers.Any(layer => layer.ZeroAgreementOfProducts is not null)))
        {
            WriteProducts(study, rows);
        }

        AnalysisSections.Write(study, AnalysisSections.Prefixes, options);
    }

    private static void WriteProducts(StudyEditor study, IReadOnlyList<PrefixTrace> rows)
    {
        study.Execute(CreateProducts);
        using SqliteCommand product = study.Prepare($"INSERT INTO {Products} (prefix, layer, zero_agreement) VALUES ($a, $b, $c)");
        for (int id = 0; id < rows.Count; id++)
        {
            for (int layer = 0; layer < rows[id].Layers.Length; layer++)
            {
                study.Run(product, id, layer, rows[id].Layers[layer].ZeroAgreementOfProducts);
            }
        }
    }

    /// <summary>All prefixes in order; null where the study was not analysed.</summary>
    /// <param name="study">The study.</param>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static IReadOnlyList<PrefixTrace>? Read(Study study)
    {
        if (!study.HasTable(Table))
        {
            return null;
        }

        var traces = new List<PrefixTrace>();
        Dictionary<(long, int), bool>? products = ReadProducts(study);
        using IEnumerator<(long Prefix, PrefixLayer? Layer, StateReading Reading)> layers = study.Query(
            $"SELECT prefix, {Readings}, top_r, top_y, top_o, linear_top_r, linear_top_o, active_share, positive_share, zero_agreement, zero_agreement_over_all FROM prefix_layer ORDER BY prefix, layer",
            row => (row.GetInt64(0), Layer(row), Reading(row, 1))).GetEnumerator();
        foreach (PrefixTrace trace in study.Query("SELECT id, unit, position, tokens, target, current, text FROM prefix ORDER BY id", row => Trace(row, layers, products)))
        {
            traces.Add(trace);
        }

        return traces;
    }

    // What the products say, by prefix and layer; null where the readout is linear.
    private static Dictionary<(long Prefix, int Layer), bool>? ReadProducts(Study study) => !study.HasTable(Products) ? null
        : study.Query($"SELECT prefix, layer, zero_agreement FROM {Products}", row => (Key: (row.GetInt64(0), row.GetInt32(1)), Zero: row.GetBoolean(2))).ToDictionary(row => row.Key, row => row.Zero);

    private static PrefixTrace Trace(SqliteDataReader row, IEnumerator<(long Prefix, PrefixLayer? Layer, StateReading Reading)> all, Dictionary<(long, int), bool>? products)
    {
        long id = row.GetInt64(0);
        var layers = ImmutableArray.CreateBuilder<PrefixLayer>();
        while (all.MoveNext() && all.Current.Prefix == id && all.Current.Layer is { } layer)
        {
            layers.Add(products is null ? layer
                : products.TryGetValue((id, layers.Count), out bool zero) ? layer with { ZeroAgreementOfProducts = zero }
                : throw new InvalidDataException($"prefix {id} lacks layer {layers.Count} in the table {Products}"));
        }

        // The output's row ends a prefix.
        (long prefix, PrefixLayer? read, StateReading output) = all.Current;
        return prefix == id && read is null && layers.Count > 0
            ? new PrefixTrace
            {
                Unit = row.GetInt32(1),
                Position = row.GetInt32(2),
                Tokens = row.GetInt32(3),
                Target = row.IsDBNull(4) ? -1 : row.GetInt32(4),
                Current = row.GetInt32(5),
                Text = row.GetString(6),
                Layers = layers.ToImmutable(),
                Output = output,
            }
            : throw new InvalidDataException($"prefix {id} lacks a layer or its output");
    }

    private static PrefixLayer? Layer(SqliteDataReader row) => row.IsDBNull(8)
        ? null
        : new PrefixLayer
        {
            TopR = row.GetInt32(8),
            TopY = row.GetInt32(9),
            TopO = row.GetInt32(10),
            LinearTopR = row.GetInt32(11),
            LinearTopO = row.GetInt32(12),
            ActiveShare = (float)row.Number(13),
            PositiveShare = (float)row.Number(14),
            ZeroAgreement = row.GetBoolean(15),
            ZeroAgreementOverAll = row.GetBoolean(16),
            R = Reading(row, 1),
        };

    private static StateReading Reading(SqliteDataReader row, int first)
        => new(row.Number(first), row.Number(first + 1), row.Number(first + 2), row.Number(first + 3), row.Number(first + 4), row.Number(first + 6)) { ShuffledRank = row.Number(first + 5) };
}
