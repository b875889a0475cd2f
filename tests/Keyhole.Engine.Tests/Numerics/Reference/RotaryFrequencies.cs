using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Tests.Numerics.Reference;

/// <summary>Double-precision twin, in the steps and names of transformers' modeling_rope_utils.py.</summary>
internal static class RotaryFrequencies
{
    public static double[] Default(double theta, int dim)
        => [.. Enumerable.Range(0, dim / 2).Select(i => 1.0 / Math.Pow(theta, 2.0 * i / dim))];

    public static double[] Linear(double theta, int dim, double factor) => [.. Default(theta, dim).Select(f => f / factor)];

    public static double[] Dynamic(double theta, int dim, double factor, int maxPositions, int length)
    {
        double seqLen = Math.Max(length, maxPositions);
        return Default(theta * Math.Pow((factor * seqLen / maxPositions) - (factor - 1), dim / (dim - 2.0)), dim);
    }

    public static (double[] Frequencies, double AttentionFactor) Yarn(RotarySettings s, double factor, int original)
    {
        double CorrectionDim(double rotations) => s.RotaryDim * Math.Log(original / (rotations * 2 * Math.PI)) / (2 * Math.Log(s.Theta));
        double Mscale(double scale, double mscale) => scale <= 1 ? 1.0 : (0.1 * mscale * Math.Log(scale)) + 1.0;
        double low = CorrectionDim(s.BetaFast);
        double high = CorrectionDim(s.BetaSlow);
        if (s.Truncate)
        {
            (low, high) = (Math.Floor(low), Math.Ceiling(high));
        }

        (low, high) = (Math.Max(low, 0), Math.Min(high, s.RotaryDim - 1));
        if (low == high)
        {
            high += 0.001;
        }

        double[] extrapolation = Default(s.Theta, s.RotaryDim);
        double[] result = new double[extrapolation.Length];
        for (int i = 0; i < result.Length; i++)
        {
            double extrapolationFactor = 1 - Math.Clamp((i - low) / (high - low), 0, 1);
            result[i] = (extrapolation[i] / factor * (1 - extrapolationFactor)) + (extrapolation[i] * extrapolationFactor);
        }

        double attention = s.Mscale is { } m && s.MscaleAllDim is { } all && m != 0 && all != 0
            ? Mscale(factor, m) / Mscale(factor, all)
            : Mscale(factor, 1);
        return (result, attention);
    }

    public static double[] Llama3(RotarySettings s)
    {
        double original = s.OriginalMaxPositions!.Value;
        double factor = s.Factor!.Value;
        double lowWavelength = original / s.LowFrequencyFactor;
        double highWavelength = original / s.HighFrequencyFactor;
        return [.. Default(s.Theta, s.RotaryDim).Select(f =>
        {
            double wavelength = 2 * Math.PI / f;
            if (wavelength < highWavelength)
            {
                return f;
            }

            if (wavelength > lowWavelength)
            {
                return f / factor;
            }

            double smooth = ((original / wavelength) - s.LowFrequencyFactor) / (s.HighFrequencyFactor - s.LowFrequencyFactor);
            return ((1 - smooth) * f / factor) + (smooth * f);
        })];
    }
}
