using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;
using Keyhole.Memories;
using Keyhole.Studies;

namespace Keyhole.Composition;

/// <summary>What must be known of a layer's memories to say which are active, and which agree with the layer's update.</summary>
/// <param name="Thresholds">Memory i is active where |m_i| is above; NaN where that is not known, shape [F].</param>
/// <param name="Argmax">top(v_i), -1 where it is not known, shape [F].</param>
/// <param name="Argmin">The bottom token of v_i, read in place of the top one where m_i &lt; 0; -1 where it is not known, shape [F].</param>
public sealed record TracedLayer(float[] Thresholds, int[] Argmax, int[] Argmin)
{
    /// <summary>Share of its largest |m| in the study that a memory must exceed to be active, where m &gt; 0 says little.</summary>
    public const double ActiveFraction = 0.01;

    /// <summary>
    /// Whether a memory of this layer is active where m &gt; 0: plain ReLU and ReLU^2 layers. A gated layer's m has either sign, and other activations leave almost
    /// no m at zero.
    /// </summary>
    /// <param name="layer">The layer.</param>
    public static bool IsActiveAboveZero(FeedForwardSpec layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return IsActiveAboveZero(layer.IsGated, layer.Activation);
    }

    /// <summary>The same for the layers of a study, whose model need not be there.</summary>
    /// <param name="shape">The model's shape.</param>
    public static bool IsActiveAboveZero(ModelShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return IsActiveAboveZero(shape.Gated, Activations.Parse(shape.Activation));
    }

    /// <summary>The threshold of a memory.</summary>
    /// <param name="layer">Its layer.</param>
    /// <param name="statistics">Its statistics; null where the study does not have it.</param>
    /// <returns>0 by <see cref="IsActiveAboveZero(FeedForwardSpec)"/>; else 1% of the largest |m| in the study, and NaN where the study has none.</returns>
    public static float ThresholdOf(FeedForwardSpec layer, NeuronStatistics? statistics)
    {
        if (IsActiveAboveZero(layer))
        {
            return 0;
        }

        return statistics is null ? float.NaN : (float)(ActiveFraction * statistics.LargestSize);
    }

    private static bool IsActiveAboveZero(bool gated, ActivationKind activation) => !gated && activation is ActivationKind.Relu or ActivationKind.Relu2;
}
