using Keyhole.Engine.Models;
using Keyhole.Memories;
using Keyhole.Values;

namespace Keyhole.Compat;

/// <summary>What the released code's numbers need of a layer's values.</summary>
/// <param name="Norms">|v_i|, shape [F].</param>
/// <param name="Argmax">top(v_i) by the raw readout, which is top(m_i v_i) where m_i &gt; 0 and the readout is linear; shape [F].</param>
/// <param name="Argmin">The bottom token of v_i, which is top(m_i v_i) where m_i &lt; 0 and the readout is linear; shape [F].</param>
internal sealed record CompatLayer(float[] Norms, int[] Argmax, int[] Argmin)
{
    /// <summary>One entry a layer.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="values">Values of all its memories by the raw readout, in order (layer, index).</param>
    /// <exception cref="ArgumentException">There are other memories than the model's.</exception>
    public static IReadOnlyList<CompatLayer> Of(ModelSpec spec, IReadOnlyList<ValueRecord> values)
    {
        if (!values.Select(value => value.Id).SequenceEqual(Memories(spec)))
        {
            throw new ArgumentException("The values are not those of all memories of the model, in their order.", nameof(values));
        }

        return [.. values.GroupBy(value => value.Id.Layer).Select(layer => new CompatLayer(
            [.. layer.Select(value => value.Norm)], [.. layer.Select(value => value.Argmax)], [.. layer.Select(value => value.Argmin)]))];
    }

    /// <summary>All memories of a model, in order.</summary>
    /// <param name="spec">The model.</param>
    public static IEnumerable<NeuronId> Memories(ModelSpec spec)
        => Enumerable.Range(0, spec.LayerCount).SelectMany(spec.NamesOf);
}
