using Keyhole.Engine.Models;

namespace Keyhole.Memories;

/// <summary>Names of a layer's memories and their numbers in it, which go through all experts: number e F + i is memory i of expert e.</summary>
public static class LayerMemories
{
    /// <summary>Whether the model has a memory: one of an expert where the layer is a mixture, of none where it is not.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="id">The name.</param>
    public static bool Has(this ModelSpec spec, NeuronId id)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if ((uint)id.Layer >= (uint)spec.LayerCount)
        {
            return false;
        }

        FeedForwardSpec layer = spec.Blocks[id.Layer].FeedForward;
        return (uint)id.Index < (uint)layer.ExpertSize && (layer.Router is null ? id.Expert == -1 : (uint)id.Expert < (uint)layer.Experts.Length);
    }

    /// <summary>The number of a memory in its layer.</summary>
    /// <param name="layer">The layer, which has it.</param>
    /// <param name="id">The name.</param>
    public static int NumberOf(this FeedForwardSpec layer, NeuronId id)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return (Math.Max(0, id.Expert) * layer.ExpertSize) + id.Index;
    }

    /// <summary>The names of a layer's memories, in order.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="layer">Layer, from 0.</param>
    public static IEnumerable<NeuronId> NamesOf(this ModelSpec spec, int layer)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return Enumerable.Range(0, spec.Blocks[layer].FeedForward.MemoryCount).Select(number => spec.NameOf(layer, number));
    }

    /// <summary>The name of a memory.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="layer">Layer, from 0.</param>
    /// <param name="number">Its number in the layer.</param>
    public static NeuronId NameOf(this ModelSpec spec, int layer, int number)
    {
        ArgumentNullException.ThrowIfNull(spec);
        FeedForwardSpec feedForward = spec.Blocks[layer].FeedForward;
        return new NeuronId(layer, number % feedForward.ExpertSize, feedForward.Router is null ? -1 : number / feedForward.ExpertSize);
    }
}
