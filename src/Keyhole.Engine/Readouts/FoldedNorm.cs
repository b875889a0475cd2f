using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Readouts;

/// <summary>The linear part of a norm, gain * C x: C removes the mean for LayerNorm and is the identity for RMSNorm (method, section 3).</summary>
internal sealed class FoldedNorm
{
    private readonly NormSpec _spec;
    private readonly float[] _gain;

    private FoldedNorm(NormSpec spec, WeightReader reader)
    {
        _spec = spec;
        _gain = reader.Gain(spec.Weight, spec.GainOffset);
        Bias = reader.Vector(spec.Bias);
    }

    /// <summary>What the norm adds last, shape [D]; empty for nothing.</summary>
    public float[] Bias { get; }

    /// <summary>Reads a norm; null for none.</summary>
    public static FoldedNorm? Load(NormSpec? spec, WeightReader reader) => spec is null ? null : new FoldedNorm(spec, reader);

    /// <summary>Writes gain * C x into <paramref name="into"/>, which may be <paramref name="x"/> itself.</summary>
    /// <returns>1 / sigma: times it, plus <see cref="Bias"/>, the row is the whole norm.</returns>
    public float Apply(ReadOnlySpan<float> x, Span<float> into)
    {
        double mean = 0;
        if (_spec.Kind == NormKind.LayerNorm)
        {
            foreach (float value in x)
            {
                mean += value;
            }

            mean /= x.Length;
        }

        double squares = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double centred = x[i] - mean;
            squares += centred * centred;
            into[i] = (float)(_gain.Length == 0 ? centred : centred * _gain[i]);
        }

        return (float)(1 / Math.Sqrt((squares / x.Length) + _spec.Epsilon));
    }

    /// <summary>Writes the whole norm of x.</summary>
    public void ApplyWhole(ReadOnlySpan<float> x, Span<float> into)
    {
        float scale = Apply(x, into);
        Elementwise.Scale(into, scale);
        if (Bias.Length > 0)
        {
            Elementwise.Add(into, Bias);
        }
    }
}
