namespace Keyhole.Engine.Tests.Numerics.Reference;

/// <summary>Double-precision twin.</summary>
internal static class Softmax
{
    public static double[] Row(ReadOnlySpan<float> scores, double scale = 1)
    {
        double max = double.NegativeInfinity;
        foreach (float score in scores)
        {
            max = Math.Max(max, score * scale);
        }

        double sum = 0;
        foreach (float score in scores)
        {
            sum += Math.Exp((score * scale) - max);
        }

        double[] probabilities = new double[scores.Length];
        for (int i = 0; i < probabilities.Length; i++)
        {
            probabilities[i] = Math.Exp((scores[i] * scale) - max) / sum;
        }

        return probabilities;
    }

    public static double[] CausalRow(ReadOnlySpan<float> row, int visible, double scale)
        => [.. Row(row[..visible], scale), .. new double[row.Length - visible]];

    public static double LogSumExp(ReadOnlySpan<float> values)
    {
        double max = Reductions.Max(values);
        double sum = 0;
        foreach (float value in values)
        {
            sum += Math.Exp(value - max);
        }

        return max + Math.Log(sum);
    }
}
