namespace Keyhole.Engine.Tests.Numerics.Reference;

/// <summary>Double-precision twin.</summary>
internal static class Reductions
{
    public static double Sum(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += value;
        }

        return sum;
    }

    public static double Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        double sum = 0;
        for (int i = 0; i < left.Length; i++)
        {
            sum += (double)left[i] * right[i];
        }

        return sum;
    }

    public static double SumOfSquares(ReadOnlySpan<float> values) => Dot(values, values);

    public static double L2Norm(ReadOnlySpan<float> values) => Math.Sqrt(SumOfSquares(values));

    public static double Max(ReadOnlySpan<float> values)
    {
        double max = double.NegativeInfinity;
        foreach (float value in values)
        {
            max = value > max ? value : max;
        }

        return max;
    }

    public static double MaxAbs(ReadOnlySpan<float> values)
    {
        double max = 0;
        foreach (float value in values)
        {
            max = Math.Abs(value) > max ? Math.Abs(value) : max;
        }

        return max;
    }
}
