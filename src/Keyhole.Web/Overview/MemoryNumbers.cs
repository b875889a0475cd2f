using Keyhole.Composition;
using Keyhole.Memories;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;
using Keyhole.Values;
using Keyhole.Web.Serving;
using Microsoft.AspNetCore.Http;

namespace Keyhole.Web.Overview;

/// <summary>Every statistic of every memory of a study, in its order.</summary>
internal sealed class MemoryNumbers
{
    /// <summary>Memories that are shown together; their numbers are kept in the server's memory.</summary>
    public const int Most = 4_000_000;

    private readonly Dictionary<string, float[]> _numbers;

    private MemoryNumbers(NeuronId[] ids, Dictionary<string, float[]> numbers) => (Ids, _numbers) = (ids, numbers);

    /// <summary>The memories, shape [N].</summary>
    public IReadOnlyList<NeuronId> Ids { get; }

    /// <summary>A statistic's numbers, shape [N], NaN where a memory has none; null where the study does not have it, for values were not analysed.</summary>
    public float[]? Of(LayerStatistic statistic) => _numbers.GetValueOrDefault(statistic.Name);

    /// <summary>Reads a study, row by row.</summary>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    /// <exception cref="RequestRefusedException">KH7402: it has more memories than are shown together.</exception>
    public static MemoryNumbers Read(Study study, CancellationToken stop)
    {
        if (study.Query("SELECT count(*) FROM memory", row => row.GetInt64(0)).Single() > Most)
        {
            throw new RequestRefusedException(StatusCodes.Status422UnprocessableEntity, "KH7402", $"The study has more than {Most} memories: too many to show together. Pages of single memories and the search work.");
        }

        bool values = ValueTable.IsIn(study);
        bool aboveZero = TracedLayer.IsActiveAboveZero(study.Shape);
        LayerStatistic[] statistics = [.. LayerStatistic.All.Where(statistic => values || !statistic.NeedsValues)];
        var ids = new List<NeuronId>();
        List<float>[] numbers = [.. statistics.Select(_ => new List<float>())];
        using IEnumerator<ValueNumbers> rows = (values ? ValueTable.Numbers(study) : []).GetEnumerator();
        bool more = rows.MoveNext();
        foreach ((NeuronId id, long triggers, NeuronStatistics counted) in Memories(study))
        {
            stop.ThrowIfCancellationRequested();
            while (more && rows.Current.Id < id)
            {
                more = rows.MoveNext();
            }

            var reading = new MemoryReading(counted, triggers, more && rows.Current.Id == id ? rows.Current : null, aboveZero);
            ids.Add(id);
            for (int i = 0; i < statistics.Length; i++)
            {
                numbers[i].Add((float)statistics[i].Of(reading));
            }
        }

        return new MemoryNumbers([.. ids], statistics.Index().ToDictionary(entry => entry.Item.Name, entry => numbers[entry.Index].ToArray()));
    }

    // Without trigger lists, which are most of a study.
    private static IEnumerable<(NeuronId Id, long Triggers, NeuronStatistics Statistics)> Memories(Study study)
        => study.Query("SELECT layer, expert, neuron, positive_count + negative_count, statistics FROM memory ORDER BY layer, expert, neuron", row => (new NeuronId(row.GetInt32(0), row.GetInt32(2), row.GetInt32(1)), row.GetInt64(3), NeuronStatistics.Read(row.GetFieldValue<byte[]>(4))));
}
