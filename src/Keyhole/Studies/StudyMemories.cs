using System.Globalization;
using Keyhole.Memories;
using Microsoft.Data.Sqlite;

namespace Keyhole.Studies;

/// <summary>A study's memories in their order (layer, expert, index), without reading all of them.</summary>
internal static class StudyMemories
{
    private const string Name = "SELECT layer, expert, neuron FROM memory";

    /// <summary>The layers that have memories, ascending.</summary>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static IReadOnlyList<int> LayersOf(Study study) => [.. study.Query("SELECT DISTINCT layer FROM memory ORDER BY layer", row => row.GetInt32(0))];

    /// <summary>The memories before and after one; null at an end.</summary>
    /// <param name="study">The study.</param>
    /// <param name="id">A memory, which the study need not have.</param>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static (NeuronId? Previous, NeuronId? Next) Around(Study study, NeuronId id)
    {
        return (One($"{Name} WHERE (layer, expert, neuron) < ($a, $b, $c) ORDER BY layer DESC, expert DESC, neuron DESC LIMIT 1"),
            One($"{Name} WHERE (layer, expert, neuron) > ($a, $b, $c) ORDER BY layer, expert, neuron LIMIT 1"));

        NeuronId? One(string sql) => First(study.Query(sql, Read, id.Layer, id.Expert, id.Index));
    }

    /// <summary>A memory drawn by a number; null where there is none.</summary>
    /// <param name="study">The study.</param>
    /// <param name="layer">The layer; null for any.</param>
    /// <param name="draw">Uniform over [0, 1).</param>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static NeuronId? Draw(Study study, int? layer, double draw)
    {
        string where = layer is { } chosen ? string.Create(CultureInfo.InvariantCulture, $" WHERE layer = {chosen}") : string.Empty;
        long count = study.Query($"SELECT count(*) FROM memory{where}", row => row.GetInt64(0)).Single();
        return First(study.Query($"{Name}{where} ORDER BY layer, expert, neuron LIMIT 1 OFFSET $a", Read, (long)(draw * count)));
    }

    /// <summary>Whether the study has a memory.</summary>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static bool Has(Study study, NeuronId id)
        => study.Query("SELECT 1 FROM memory WHERE layer = $a AND expert = $b AND neuron = $c", _ => true, id.Layer, id.Expert, id.Index).Any();

    /// <summary>The statistics of a layer's memories, in order.</summary>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static IEnumerable<NeuronStatistics> StatisticsOf(Study study, int layer)
        => study.Query("SELECT statistics FROM memory WHERE layer = $a ORDER BY expert, neuron", row => NeuronStatistics.Read(row.GetFieldValue<byte[]>(0)), layer);

    private static NeuronId Read(SqliteDataReader row) => new(row.GetInt32(0), row.GetInt32(2), row.GetInt32(1));

    private static NeuronId? First(IEnumerable<NeuronId> rows) => rows.Select(id => (NeuronId?)id).FirstOrDefault();
}
