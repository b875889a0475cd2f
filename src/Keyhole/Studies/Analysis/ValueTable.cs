using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using Keyhole.Memories;
using Keyhole.Values;
using Microsoft.Data.Sqlite;

namespace Keyhole.Studies.Analysis;

/// <summary>
/// Values in a study (docs/formats/study.md): <c>value</c>, one row a memory, with both ends of its vocabulary as blobs of (token id, logit) pairs, int32 and float32, little-endian;
/// <c>value_pole</c>, one row a memory and pole.
/// </summary>
internal static class ValueTable
{
    private const string Table = "value";
    private const int MostLookedFor = 4;   // tokens that SQLite is told to look for; more are found sooner by reading all

    private const string Columns = """
        v.layer, v.expert, v.neuron, v.norm, v.max_probability, v.log_sum_exp, v.top, v.bottom,
        p.pole, p.target, p.current, p.target_rank, p.target_probability, p.current_rank, p.agrees, p.agrees_with_current,
        p.model_top, p.model_target_probability, p.agrees_with_model, p.precision_triggers, p.precision_hits
        FROM value v JOIN value_pole p ON p.layer = v.layer AND p.expert = v.expert AND p.neuron = v.neuron
        """;

    /// <summary>Replaces the values of a study.</summary>
    /// <param name="study">The study.</param>
    /// <param name="options">What decided the result.</param>
    /// <param name="values">In the study's order.</param>
    public static void Write(StudyEditor study, IReadOnlyDictionary<string, string> options, IReadOnlyList<ValueRecord> values)
    {
        study.Execute("""
            DROP TABLE IF EXISTS value;
            DROP TABLE IF EXISTS value_pole;
            CREATE TABLE value (
                layer INTEGER NOT NULL, expert INTEGER NOT NULL, neuron INTEGER NOT NULL,
                norm REAL NOT NULL, max_probability REAL NOT NULL, log_sum_exp REAL NOT NULL, argmax INTEGER NOT NULL, argmin INTEGER NOT NULL,
                top BLOB NOT NULL, bottom BLOB NOT NULL, PRIMARY KEY (layer, expert, neuron));
            CREATE TABLE value_pole (
                layer INTEGER NOT NULL, expert INTEGER NOT NULL, neuron INTEGER NOT NULL, pole TEXT NOT NULL,
                target INTEGER, current INTEGER, target_rank REAL, target_probability REAL, current_rank REAL, agrees INTEGER, agrees_with_current INTEGER,
                model_top INTEGER, model_target_probability REAL, agrees_with_model INTEGER, precision_triggers INTEGER NOT NULL, precision_hits INTEGER NOT NULL,
                PRIMARY KEY (layer, expert, neuron, pole));
            """);
        using SqliteCommand value = study.Prepare("INSERT INTO value VALUES ($a, $b, $c, $d, $e, $f, $g, $h, $i, $j)");
        using SqliteCommand pole = study.Prepare("INSERT INTO value_pole VALUES ($a, $b, $c, $d, $e, $f, $g, $h, $i, $j, $k, $l, $m, $n, $o, $p)");
        foreach (ValueRecord record in values)
        {
            NeuronId id = record.Id;
            study.Run(value, id.Layer, id.Expert, id.Index, (double)record.Norm, record.MaxProbability, record.LogSumExp, record.Argmax, record.Argmin, Blob(record.Top), Blob(record.Bottom));
            WritePole(study, pole, id, Pole.Positive, record.Positive);
            if (record.Negative is { } negative)
            {
                WritePole(study, pole, id, Pole.Negative, negative);
            }
        }

        AnalysisSections.Write(study, AnalysisSections.Values, options);
    }

    /// <summary>Whether the study has values.</summary>
    public static bool IsIn(Study study) => study.HasTable(Table);

    /// <summary>The values that may have one of these tokens at an end, in the study's order; those that have none may be among them. The study has values.</summary>
    /// <remarks>SQLite looks for a token's bytes in the blobs, so that few rows are read; bytes that lie across two numbers fit now and then.</remarks>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static IEnumerable<ValueEnds> Naming(Study study, IReadOnlyCollection<int> tokens)
    {
        if (tokens.Count == 0)
        {
            return [];
        }

        object[] bytes = tokens.Count > MostLookedFor ? [] : [.. tokens.Select(token => (object)BitConverter.GetBytes(token))];   // little-endian, as all that .NET runs on
        string where = bytes.Length == 0 ? string.Empty : " WHERE " + string.Join(" OR ", bytes.Select((_, i) => $"instr(top, ${(char)('a' + i)}) OR instr(bottom, ${(char)('a' + i)})"));
        return study.Query($"SELECT layer, expert, neuron, log_sum_exp, top, bottom FROM {Table}{where} ORDER BY layer, expert, neuron",
            row => new ValueEnds(new NeuronId(row.GetInt32(0), row.GetInt32(2), row.GetInt32(1)), row.GetDouble(3), Tokens(row.GetFieldValue<byte[]>(4)), Tokens(row.GetFieldValue<byte[]>(5))), bytes);
    }

    /// <summary>The numbers of every value beside the triggers of the positive pole, without its tokens, in the study's order. The study has values.</summary>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static IEnumerable<ValueNumbers> Numbers(Study study) => study.Query(
        $"""
        SELECT v.layer, v.expert, v.neuron, v.norm, v.max_probability, p.target_rank, p.precision_triggers, p.precision_hits
        FROM {Table} v JOIN value_pole p ON p.layer = v.layer AND p.expert = v.expert AND p.neuron = v.neuron AND p.pole = '{PoleName.Of(Pole.Positive)}'
        ORDER BY v.layer, v.expert, v.neuron
        """,
        row => new ValueNumbers(new NeuronId(row.GetInt32(0), row.GetInt32(2), row.GetInt32(1)), row.GetFloat(3), row.GetDouble(4), row.Number(5), row.GetInt32(6), row.GetInt32(7)));

    /// <summary>All values in the study's order; null where it has none.</summary>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static IReadOnlyList<ValueRecord>? Read(Study study)
        => study.HasTable(Table) ? [.. Join(study.Query($"SELECT {Columns} ORDER BY v.layer, v.expert, v.neuron, p.pole DESC", Row))] : null;

    /// <summary>The values of a layer in the study's order; null where the study has none at all.</summary>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static IReadOnlyList<ValueRecord>? ReadLayer(Study study, int layer)
        => study.HasTable(Table) ? [.. Join(study.Query($"SELECT {Columns} WHERE v.layer = $a ORDER BY v.layer, v.expert, v.neuron, p.pole DESC", Row, layer))] : null;

    /// <summary>The value of one memory; null where the study has none.</summary>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static ValueRecord? Read(Study study, NeuronId id)
        => study.HasTable(Table)
            ? Join(study.Query($"SELECT {Columns} WHERE v.layer = $a AND v.expert = $b AND v.neuron = $c ORDER BY p.pole DESC", Row, id.Layer, id.Expert, id.Index)).SingleOrDefault()
            : null;

    /// <summary>The values of some memories, those that the study has.</summary>
    /// <param name="study">The study.</param>
    /// <param name="ids">The memories.</param>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static IReadOnlyDictionary<NeuronId, ValueRecord> Read(Study study, IReadOnlyCollection<NeuronId> ids)
    {
        if (ids.Count == 0 || !study.HasTable(Table))
        {
            return ImmutableDictionary<NeuronId, ValueRecord>.Empty;
        }

        string wanted = string.Join(',', ids.Select(id => string.Create(CultureInfo.InvariantCulture, $"({id.Layer},{id.Expert},{id.Index})")));   // numbers alone
        return Join(study.Query($"SELECT {Columns} WHERE (v.layer, v.expert, v.neuron) IN (VALUES {wanted}) ORDER BY v.layer, v.expert, v.neuron, p.pole DESC", Row)).ToDictionary(value => value.Id);
    }

    private static void WritePole(StudyEditor study, SqliteCommand insert, NeuronId id, Pole pole, ValuePole reading)
        => study.Run(insert, id.Layer, id.Expert, id.Index, PoleName.Of(pole), Id(reading.Target), Id(reading.Current), reading.TargetRank, reading.TargetProbability, reading.CurrentRank,
            Bit(reading.Agrees), Bit(reading.AgreesWithCurrent), Id(reading.ModelTop), reading.ModelTargetProbability, Bit(reading.AgreesWithModel), reading.PrecisionTriggers, reading.PrecisionHits);

    // The rows of one memory follow each other, the positive pole first.
    private static IEnumerable<ValueRecord> Join(IEnumerable<(ValueRecord Value, Pole Pole)> rows)
    {
        ValueRecord? held = null;
        foreach ((ValueRecord value, Pole pole) in rows)
        {
            if (pole == Pole.Negative && held?.Id == value.Id)
            {
                held = held with { Negative = value.Positive };
                continue;
            }

            if (held is not null)
            {
                yield return held;
            }

            held = pole == Pole.Positive && held?.Id != value.Id ? value : throw new InvalidDataException($"the poles of the value of {value.Id} are out of order");
        }

        if (held is not null)
        {
            yield return held;
        }
    }

    private static (ValueRecord Value, Pole Pole) Row(SqliteDataReader row) => (new ValueRecord
    {
        Id = new NeuronId(row.GetInt32(0), row.GetInt32(2), row.GetInt32(1)),
        Norm = row.GetFloat(3),
        MaxProbability = row.GetDouble(4),
        LogSumExp = row.GetDouble(5),
        Top = Tokens(row.GetFieldValue<byte[]>(6)),
        Bottom = Tokens(row.GetFieldValue<byte[]>(7)),
        Positive = new ValuePole
        {
            Target = Id(row, 9),
            Current = Id(row, 10),
            TargetRank = row.Number(11),
            TargetProbability = row.Number(12),
            CurrentRank = row.Number(13),
            Agrees = Bit(row, 14),
            AgreesWithCurrent = Bit(row, 15),
            ModelTop = Id(row, 16),
            ModelTargetProbability = row.Number(17),
            AgreesWithModel = Bit(row, 18),
            PrecisionTriggers = row.GetInt32(19),
            PrecisionHits = row.GetInt32(20),
        },
    }, PoleName.Parse(row.GetString(8)));

    private static byte[] Blob(ImmutableArray<TokenLogit> tokens) => MemoryMarshal.AsBytes(tokens.AsSpan()).ToArray();

    private static ImmutableArray<TokenLogit> Tokens(byte[] blob)
        => blob.Length > 0 && blob.Length % 8 == 0 ? [.. MemoryMarshal.Cast<byte, TokenLogit>(blob)] : throw new InvalidDataException($"a list of tokens has {blob.Length} bytes");

    private static int? Id(int token) => token < 0 ? null : token;

    private static int? Bit(bool? value) => value is { } known ? (known ? 1 : 0) : null;

    private static int Id(SqliteDataReader row, int column) => row.IsDBNull(column) ? -1 : row.GetInt32(column);

    private static bool? Bit(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt32(column) != 0;
}
