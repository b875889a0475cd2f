using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;

namespace Keyhole.Mining.Nulls;

/// <summary>Norms and biases of the keys of one bank: all that a random direction takes over from them.</summary>
internal sealed class KeyNorms
{
    private const int Block = 64;   // keys read at a time

    private KeyNorms(double[] input, double[] gate, float[] inputBias, float[] gateBias)
    {
        Input = input;
        Gate = gate;
        InputBias = inputBias;
        GateBias = gateBias;
    }

    /// <summary>Of the keys (of the linear part where gated), [F].</summary>
    public double[] Input { get; }

    /// <summary>Of the gate keys, [F]; empty where not gated.</summary>
    public double[] Gate { get; }

    /// <summary>[F], or empty.</summary>
    public float[] InputBias { get; }

    /// <summary>[F], or empty.</summary>
    public float[] GateBias { get; }

    /// <summary>Reads a bank.</summary>
    /// <param name="model">The model.</param>
    /// <param name="layer">Layer, from 0.</param>
    /// <param name="expert">Expert, from 0; 0 where the layer has no router.</param>
    public static KeyNorms Read(Model model, int layer, int expert)
    {
        FeedForwardSpec spec = model.Spec.Blocks[layer].FeedForward;
        int first = expert * spec.ExpertSize;
        return new KeyNorms(
            Norms(model, spec, first, keys => MemoryVectors.ReadKeys(model, layer, keys.First, keys.Rows)),
            spec.IsGated ? Norms(model, spec, first, keys => MemoryVectors.ReadGateKeys(model, layer, keys.First, keys.Rows)) : [],
            Of(MemoryVectors.KeyBiases(model, layer)),
            Of(MemoryVectors.GateKeyBiases(model, layer)));

        float[] Of(float[] biases) => biases.Length == 0 ? biases : biases[first..(first + spec.ExpertSize)];
    }

    private static double[] Norms(Model model, FeedForwardSpec spec, int first, Action<(int First, MatrixView Rows)> read)
    {
        var norms = new double[spec.ExpertSize];
        using var buffer = new AlignedBuffer((long)Block * model.Spec.Width);
        for (int memory = 0; memory < norms.Length; memory += Block)
        {
            MatrixView keys = buffer.Matrix(Math.Min(Block, norms.Length - memory), model.Spec.Width);
            read((first + memory, keys));
            for (int row = 0; row < keys.Rows; row++)
            {
                double sum = 0;
                foreach (float value in keys.Row(row))
                {
                    sum += (double)value * value;
                }

                norms[memory + row] = Math.Sqrt(sum);
            }
        }

        return norms;
    }
}
