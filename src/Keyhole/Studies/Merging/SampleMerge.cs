using Keyhole.Memories;
using Keyhole.Mining.Sampling;

namespace Keyhole.Studies.Merging;

/// <summary>The sample of one memory from the samples of all pieces: the hashes that it goes by are computed again, so it is that of the whole, exactly.</summary>
/// <param name="rules">What memories are merged by.</param>
/// <param name="units">The units of the pieces.</param>
internal sealed class SampleMerge(ListRules rules, UnitTable units)
{
    private readonly List<(float Rank, Trigger Trigger)> _positive = [];
    private readonly List<(float Rank, Trigger Trigger)> _negative = [];
    private float[] _random = [];

    /// <summary>Begins a memory.</summary>
    public void Clear()
    {
        _positive.Clear();
        _negative.Clear();
        _random = [];
    }

    /// <summary>Takes what a piece has.</summary>
    /// <param name="piece">The piece.</param>
    /// <param name="rows">Stands on the memory.</param>
    /// <param name="size">Memories of an expert of its layer.</param>
    /// <exception cref="InvalidDataException">It is no sample.</exception>
    public void Take(int piece, MemoryRows rows, int size)
    {
        NeuronId id = rows.Id;
        uint memory = QuantileSample.MemoryHash(rules.Seed, id.Layer, (Math.Max(0, id.Expert) * size) + id.Index);
        Take(piece, rows.PositiveSample, id, memory, 1, _positive);
        Take(piece, rows.NegativeSample, id, memory, -1, _negative);
        ReadOnlySpan<byte> bytes = rows.Random.Bytes;
        float[] random = FloatBlob.Read(bytes, piece == 0 ? Math.Min(bytes.Length / sizeof(float), RandomPositions.Count) : _random.Length);
        for (int i = 0; i < _random.Length; i++)
        {
            random[i] = float.IsNaN(random[i]) ? _random[i] : random[i];   // each position was mined by one shard
        }

        _random = random;
    }

    /// <summary>The sample of the whole.</summary>
    public MemorySample Merge() => new() { Positive = [.. Best(_positive)], Negative = [.. Best(_negative)], Random = [.. _random] };

    private void Take(int piece, Blob sample, NeuronId id, uint memory, int sign, List<(float, Trigger)> all)
    {
        foreach (Trigger trigger in TriggerBlob.Read(sample.Bytes.ToArray(), id.Expert >= 0))
        {
            if (!(sign * trigger.Coefficient > 0) || units.Find(trigger.Unit, trigger.Position, piece) < 0)
            {
                throw new InvalidDataException($"an example names unit {trigger.Unit}, position {trigger.Position} with the coefficient {trigger.Coefficient}, which the study does not have");
            }

            all.Add((QuantileSample.Rank(QuantileSample.PositionHash(rules.Seed, trigger.Unit, trigger.Position), memory), trigger));
        }
    }

    private static IEnumerable<Trigger> Best(List<(float Rank, Trigger Trigger)> all)
        => all.OrderByDescending(drawn => drawn.Rank).ThenBy(drawn => drawn.Trigger.Unit).ThenBy(drawn => drawn.Trigger.Position).Take(QuantileSample.Size).Select(drawn => drawn.Trigger);
}
