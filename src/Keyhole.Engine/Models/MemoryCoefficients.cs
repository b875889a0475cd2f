using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models;

/// <summary>Coefficients of memories from the input of their layer.</summary>
public static class MemoryCoefficients
{
    /// <summary>m = f(x K^T + b), or f(x G^T + b) * (x U^T + b) where gated, for a range of memories.</summary>
    /// <param name="keys">The bank.</param>
    /// <param name="activation">f.</param>
    /// <param name="input">x, shape [rows, D].</param>
    /// <param name="first">First memory of the bank, a multiple of 32.</param>
    /// <param name="pre">Receives the pre-activations, the gate's where gated, [rows, n]; without rows where not gated and they are not wanted.</param>
    /// <param name="linear">Receives the linear part, [rows, n]; without rows where not gated.</param>
    /// <param name="post">Receives m, [rows, n].</param>
    /// <exception cref="ArgumentException">Shapes do not fit.</exception>
    public static void Compute(MemoryKeys keys, ActivationKind activation, MatrixView input, int first, MatrixView pre, MatrixView linear, MatrixView post)
    {
        int count = post.Columns;
        if (keys.Gate is not null)
        {
            Gemm.MultiplyOutputs(input, keys.Gate, first, pre, Part(keys.GateBias, first, count));
            Gemm.MultiplyOutputs(input, keys.Input, first, linear, Part(keys.InputBias, first, count));
            for (int row = 0; row < input.Rows; row++)
            {
                Activations.ApplyGated(activation, pre.Row(row), linear.Row(row), post.Row(row));
            }

            return;
        }

        Gemm.MultiplyOutputs(input, keys.Input, first, post, Part(keys.InputBias, first, count));
        for (int row = 0; row < input.Rows; row++)
        {
            Span<float> coefficients = post.Row(row);
            if (pre.Rows > 0)
            {
                coefficients.CopyTo(pre.Row(row));
            }

            Activations.Apply(activation, coefficients);
        }
    }

    private static ReadOnlySpan<float> Part(ReadOnlySpan<float> bias, int first, int count) => bias.IsEmpty ? default : bias.Slice(first, count);
}
