namespace Keyhole.Engine.Tests.Numerics.Reference;

/// <summary>Double-precision twin.</summary>
internal static class Norms
{
    public static double[] LayerNorm(ReadOnlySpan<float> x, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, double epsilon)
    {
        double mean = Reductions.Sum(x) / x.Length;
        double variance = 0;
        foreach (float value in x)
        {
            variance += (value - mean) * (value - mean);
        }

        variance /= x.Length;
        double[] y = new double[x.Length];
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = ((x[i] - mean) / Math.Sqrt(variance + epsilon) * (weight.IsEmpty ? 1 : weight[i])) + (bias.IsEmpty ? 0 : bias[i]);
        }

        return y;
    }

    public static double[] RmsNorm(ReadOnlySpan<float> x, ReadOnlySpan<float> weight, double epsilon, double weightOffset)
    {
        double meanSquare = Reductions.SumOfSquares(x) / x.Length;
        double[] y = new double[x.Length];
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = x[i] / Math.Sqrt(meanSquare + epsilon) * (weight.IsEmpty ? 1 : weightOffset + weight[i]);
        }

        return y;
    }
}
