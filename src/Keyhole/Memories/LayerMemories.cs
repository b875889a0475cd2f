using Keyhole.Engine.Models;

namespace Keyhole.Memories;

/// <summary>Names of a layer's memories and their numbers in it, which go through all experts: memory e F + i is memory i of expert e.</summary>
internal static class LayerMemories
{
    /// <summary>Whether the model has a memory: one of an expert where the layer is a mixture, of none where it is not.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="id">The name.</param>
    public static bool Has(this ModelSpec spec, NeuronId id)
        => (uint)id.Layer < (uint)spec.LayerCount
            && spec.Blocks[id.Layer].FeedForward is var layer
            && (uint)id.Index < (uint)layer.ExpertSize
            && (layer.Router is null ? id.Expert == -1 : (uint)id.Expert < (uint)layer.Experts.Length);

    /// <summary>The number of a memory in its layer.</summary>
    /// <param name="layer">The layer that has it.</param>
    /// <param name="id">The name.</param>
    public static int NumberOf(this FeedForwardSpec layer, NeuronId id) => (Math.Max(0, id.Expert) * layer.ExpertSize) + id.Index;

    /// <summary>The names of a layer's memories, in order.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="layer">Layer, from 0.</param>
    public static IEnumerable<NeuronId> NamesOf(this ModelSpec spec, int layer)
    {
        FeedForwardSpec feedForward = spec.Blocks[layer].FeedForward;
        for (int memory = 0; memory < feedForward.MemoryCount; memory++)
        {
            yield return new NeuronId(layer, memory % feedForward.ExpertSize, feedForward.Router is null ? -1 : memory / feedForward.ExpertSize);
        }
    }
}
