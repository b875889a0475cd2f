using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models;

/// <summary>Keys and values as vectors of the residual stream, where those of all layers can be compared: with the linear part of the norm between them and it.</summary>
/// <remarks>
/// A layer reads x = (gain * C r) / sigma + bias of the residual r, where C removes the mean for LayerNorm and is the identity for RMSNorm. So k . x rises along C (gain * k), which is what stands
/// for a key here. A value is what the layer adds: v itself, or gain * C v where the layer's output has a norm of its own (Gemma 2 and 3, OLMo 2). Biases and sigma are left out.
/// </remarks>
public sealed class ResidualVectors
{
    private readonly Model _model;
    private readonly (bool Centred, float[] Gain)?[] _inputs;    // of each layer; null without a norm
    private readonly (bool Centred, float[] Gain)?[] _outputs;

    /// <summary>Reads the gains of a model's norms.</summary>
    /// <param name="model">The model, which must outlive this.</param>
    public ResidualVectors(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        var reader = new WeightReader(model.Checkpoint);
        _inputs = [.. model.Spec.Blocks.Select(block => Read(block.FeedForwardNorm, reader))];
        _outputs = [.. model.Spec.Blocks.Select(block => Read(block.FeedForwardOutputNorm, reader))];
    }

    /// <summary>Reads vectors of consecutive memories of a layer. Safe for several threads at once.</summary>
    /// <param name="kind">Which of their vectors.</param>
    /// <param name="layer">Layer, from 0.</param>
    /// <param name="first">First memory in the layer, counted through all experts.</param>
    /// <param name="vectors">Receives them, shape [count, D].</param>
    /// <param name="asSeen">Whether values lose their mean where the layer's own norm is a LayerNorm, which would not see it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The layer does not have these memories, or no gate.</exception>
    public void Read(MemoryVectorKind kind, int layer, int first, MatrixView vectors, bool asSeen = false)
    {
        switch (kind)
        {
            case MemoryVectorKind.Key:
                MemoryVectors.ReadKeys(_model, layer, first, vectors);
                break;
            case MemoryVectorKind.GateKey:
                MemoryVectors.ReadGateKeys(_model, layer, first, vectors);
                break;
            default:
                MemoryVectors.ReadValues(_model, layer, first, vectors);
                break;
        }

        bool unseen = asSeen && kind == MemoryVectorKind.Value && _inputs[layer] is { Centred: true };
        (bool centred, float[] gain) = (kind == MemoryVectorKind.Value ? _outputs : _inputs)[layer] ?? (false, []);
        for (int row = 0; row < vectors.Rows; row++)
        {
            Span<float> vector = vectors.Row(row);
            if (kind == MemoryVectorKind.Value)
            {
                Centre(vector, centred);
                Scale(vector, gain);
                Centre(vector, unseen);
            }
            else
            {
                Scale(vector, gain);
                Centre(vector, centred);
            }
        }
    }

    private static (bool Centred, float[] Gain)? Read(NormSpec? norm, WeightReader reader)
        => norm is null ? null : (norm.Kind == NormKind.LayerNorm, reader.Gain(norm.Weight, norm.GainOffset));

    private static void Scale(Span<float> vector, float[] gain)
    {
        for (int i = 0; i < gain.Length; i++)
        {
            vector[i] *= gain[i];
        }
    }

    private static void Centre(Span<float> vector, bool centred)
    {
        if (!centred)
        {
            return;
        }

        double mean = 0;
        foreach (float value in vector)
        {
            mean += value;
        }

        mean /= vector.Length;
        for (int i = 0; i < vector.Length; i++)
        {
            vector[i] = (float)(vector[i] - mean);
        }
    }
}
