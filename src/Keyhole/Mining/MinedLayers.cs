using System.Globalization;
using Keyhole.Engine;
using Keyhole.Engine.Models;
using Keyhole.Memories;

namespace Keyhole.Mining;

/// <summary>Which layers a run mines.</summary>
internal static class MinedLayers
{
    /// <summary>The layers, ascending.</summary>
    /// <exception cref="InputRefusedException">KH5007: they are not of this model, or nothing is left.</exception>
    public static int[] Of(MiningOptions options, ModelSpec spec)
    {
        IEnumerable<int> layers = options.Layers ?? Enumerable.Range(0, spec.LayerCount);
        if (options.Neurons is { } neurons)
        {
            layers = layers.Intersect(neurons.Select(neuron => neuron.Layer));
            foreach (NeuronId neuron in neurons)
            {
                if (!spec.Has(neuron))
                {
                    throw new InputRefusedException("KH5007", $"memory {neuron} is not in this model of {spec.LayerCount} layers with {Sizes(spec.Blocks[0].FeedForward)} each (all count from 0).");
                }
            }
        }

        int[] sorted = [.. layers.Distinct().Order()];
        if (sorted.Length == 0)
        {
            throw new InputRefusedException("KH5007", "no memory is left to mine: --layers is empty, or --neurons names none in these layers.");
        }

        if (sorted[0] < 0 || sorted[^1] >= spec.LayerCount)
        {
            throw new InputRefusedException("KH5007", $"--layers: this model has layers 0 to {spec.LayerCount - 1}.");
        }

        return sorted;
    }

    /// <summary>Refuses lists so long that those of a layer do not stand in one array.</summary>
    /// <exception cref="InputRefusedException">KH5008.</exception>
    public static void RequireListsThatFit(int top, ModelSpec spec, int[] layers)
    {
        int most = TriggerLists.MostEntries / layers.Max(layer => MemoryColumns.Of(spec.Blocks[layer].FeedForward).Count);
        if (top > most)
        {
            throw new InputRefusedException("KH5008", string.Create(CultureInfo.InvariantCulture, $"--top {top}: this model's layers have {layers.Max(layer => spec.Blocks[layer].FeedForward.MemoryCount)} memories, for which lists of up to {most} triggers can be kept. Give a smaller number."));
        }
    }

    private static string Sizes(FeedForwardSpec layer)
    {
        string experts = layer.Router is null ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"{layer.Experts.Length} experts of ");
        return string.Create(CultureInfo.InvariantCulture, $"{experts}{layer.ExpertSize} memories");
    }
}
