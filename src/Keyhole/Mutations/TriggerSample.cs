using Keyhole.Corpora;
using Keyhole.Memories;
using Keyhole.Studies;

namespace Keyhole.Mutations;

/// <summary>Takes memories of each layer at random, with their best triggers.</summary>
internal static class TriggerSample
{
    /// <summary>Fewest tokens of a prefix, BOS not counted: one may be dropped, and one is left.</summary>
    public const int LeastTokens = 2;

    /// <summary>
    /// The memories of a layer with the smallest <see cref="CounterHash"/> of (seed, layer, memory) among those that have a trigger of at least
    /// <see cref="LeastTokens"/> tokens, in order of memory, pole and rank. A smaller number of memories takes some of those of a larger one.
    /// </summary>
    /// <param name="study">The study.</param>
    /// <param name="first">The first position that may be dropped: 1 where units begin with BOS, else 0.</param>
    /// <param name="memories">Memories of each layer.</param>
    /// <param name="triggers">Triggers of each memory and pole.</param>
    /// <param name="seed">Which sample.</param>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static IReadOnlyList<SampledTrigger> Take(Study study, int first, int memories, int triggers, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(memories);
        ArgumentOutOfRangeException.ThrowIfNegative(triggers);
        NeuronId[] firing = [.. study.Query("SELECT layer, neuron, expert FROM memory WHERE positive_count + negative_count > 0 ORDER BY id",
            row => new NeuronId(row.GetInt32(0), row.GetInt32(1), row.GetInt32(2)))];
        var taken = new List<SampledTrigger>();
        foreach (IGrouping<int, NeuronId> layer in firing.GroupBy(id => id.Layer))
        {
            IEnumerable<SampledTrigger[]> usable = layer.OrderBy(id => Hash(seed, id)).Select(id => Usable(study.Memory(id)!, first, triggers)).Where(found => found.Length > 0);
            taken.AddRange(usable.Take(memories).OrderBy(found => found[0].Id).SelectMany(found => found));
        }

        return taken;
    }

    /// <summary>A number of a memory for sampling.</summary>
    public static ulong Hash(ulong seed, NeuronId id) => CounterHash.Hash(seed, (ulong)id.Layer, ((ulong)(id.Expert + 1) << 32) | (uint)id.Index);

    private static SampledTrigger[] Usable(MemoryRecord memory, int first, int triggers)
        => [.. Enum.GetValues<Pole>().SelectMany(pole => memory.Triggers(pole)
            .Where(trigger => trigger.Position - first + 1 >= LeastTokens && PoleStrength.Of(pole, trigger.Coefficient) > 0)   // lists by pre-activation also hold what never fires
            .Take(triggers)
            .Select(trigger => new SampledTrigger(memory.Id, pole, trigger)))];
}
