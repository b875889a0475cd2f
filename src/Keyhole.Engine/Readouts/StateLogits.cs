using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Readouts;

/// <summary>The logits of a state by a plain head: scale * z + bias, then the soft-cap c tanh(logit / c) where there is one.</summary>
/// <param name="scales">Of each row.</param>
/// <param name="bias">Of each token, or empty.</param>
/// <param name="cap">c, or null.</param>
internal sealed class StateLogits(ReadOnlyMemory<float> scales, float[] bias, float? cap) : ILogitMap
{
    public void Apply(int row, Span<float> strip, int firstToken)
    {
        StripScan.Scale(strip, scales.Span[row], bias.Length == 0 ? [] : bias.AsSpan(firstToken, strip.Length));
        if (cap is { } limit)
        {
            Elementwise.SoftCap(strip, 1, limit);
        }
    }
}
