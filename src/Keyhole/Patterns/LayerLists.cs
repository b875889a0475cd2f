using Keyhole.Engine;
using Keyhole.Memories;
using Keyhole.Studies;

namespace Keyhole.Patterns;

/// <summary>Reads the trigger lists of a study layer by layer, with the features of their units.</summary>
/// <param name="study">The study.</param>
/// <param name="reference">The corpus, whose units are not read again.</param>
/// <param name="reader">Reads features.</param>
internal sealed class LayerLists(Study study, PatternReference reference, UnitReader reader)
{
    private const long MostTokens = 2_000_000;   // of the units that are kept from one layer to the next

    private readonly Dictionary<int, UnitFeatures> _units = [];
    private long _tokens;

    /// <summary>The lists of a layer: of each memory the positive pole, then the negative one; those without a trigger are left out.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="InputRefusedException">KH5105: damaged.</exception>
    public IReadOnlyList<TriggerList> Read(int layer, CancellationToken cancellation)
    {
        (NeuronId Id, Pole Pole, Trigger[] Triggers, int All)[] lists = [.. Rows(layer).Where(list => list.All > 0)];
        if (_tokens > MostTokens)
        {
            _units.Clear();
            _tokens = 0;
        }

        // In the order of the corpus, so that each block of units is unpacked once.
        foreach ((NeuronId id, Trigger trigger) in lists.SelectMany(list => list.Triggers.Select(trigger => (list.Id, trigger))).DistinctBy(entry => entry.trigger.Unit).OrderBy(entry => entry.trigger.Unit))
        {
            cancellation.ThrowIfCancellationRequested();
            if (!reference.UnitsByIndex.ContainsKey(trigger.Unit) && !_units.ContainsKey(trigger.Unit))
            {
                UnitFeatures unit = reader.Read(study.UnitOf(id, trigger));
                _units[trigger.Unit] = unit;
                _tokens += unit.Tokens.Length;
            }
        }

        return [.. lists.Select(list => new TriggerList(new ListName(list.Id, list.Pole, list.All), [.. list.Triggers.Select(trigger => Place(list.Id, trigger))]))];
    }

    private IEnumerable<(NeuronId Id, Pole Pole, Trigger[] Triggers, int All)> Rows(int layer)
    {
        foreach ((NeuronId id, Trigger[] positive, int positives, Trigger[] negative, int negatives) in study.Query("SELECT layer, expert, neuron, positive, negative FROM memory WHERE layer = $a ORDER BY id", row =>
        {
            NeuronId id = new(row.GetInt32(0), row.GetInt32(2), row.GetInt32(1));
            var positive = TriggerBlob.Read(row.GetFieldValue<byte[]>(3), id.Expert >= 0);
            var negative = TriggerBlob.Read(row.GetFieldValue<byte[]>(4), id.Expert >= 0);
            return (id, positive.Take(ListScorer.MostPrefixes).ToArray(), positive.Length, negative.Take(ListScorer.MostPrefixes).ToArray(), negative.Length);
        }, layer))
        {
            yield return (id, Pole.Positive, positive, positives);
            yield return (id, Pole.Negative, negative, negatives);
        }
    }

    private PrefixPlace Place(NeuronId id, in Trigger trigger)
    {
        UnitFeatures? unit = reference.UnitsByIndex.GetValueOrDefault(trigger.Unit) ?? _units.GetValueOrDefault(trigger.Unit);
        if (unit is null || trigger.Position >= unit.Tokens.Length)
        {
            _ = study.UnitOf(id, trigger);   // refuses it
        }

        return new PrefixPlace(unit!, trigger.Position);
    }
}
