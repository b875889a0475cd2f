using Keyhole.Engine.Models;
using Keyhole.Memories;
using Keyhole.Studies;
using Keyhole.Values;

namespace Keyhole.Composition;

/// <summary>Puts together what the tracer must know of a model's memories.</summary>
public static class TracedLayers
{
    /// <summary>One entry a layer; what neither list has stays unknown.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="values">Values, read by the readout that updates are read by.</param>
    /// <param name="memories">Memories of the study, for the largest |m| of each; <see cref="Study.Memories"/>.</param>
    public static IReadOnlyList<TracedLayer> Of(ModelSpec spec, IEnumerable<ValueRecord> values, IEnumerable<MemoryRecord> memories)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(memories);
        TracedLayer[] layers = [.. spec.Blocks.Select(block => Unknown(block.FeedForward))];
        foreach (ValueRecord value in values)
        {
            int number = spec.Blocks[value.Id.Layer].FeedForward.NumberOf(value.Id);
            layers[value.Id.Layer].Argmax[number] = value.Argmax;
            layers[value.Id.Layer].Argmin[number] = value.Argmin;
        }

        foreach (MemoryRecord memory in memories)
        {
            FeedForwardSpec layer = spec.Blocks[memory.Id.Layer].FeedForward;
            layers[memory.Id.Layer].Thresholds[layer.NumberOf(memory.Id)] = TracedLayer.ThresholdOf(layer, memory.Statistics);
        }

        return layers;
    }

    private static TracedLayer Unknown(FeedForwardSpec layer)
        => new(Filled(layer.MemoryCount, TracedLayer.ThresholdOf(layer, statistics: null)), Filled(layer.MemoryCount, -1), Filled(layer.MemoryCount, -1));

    private static T[] Filled<T>(int length, T value)
    {
        var array = new T[length];
        Array.Fill(array, value);
        return array;
    }
}
