namespace Keyhole.Features;

/// <summary>A direction and a place on it: says yes where a vector lies beyond.</summary>
/// <param name="Direction">d, shape [D].</param>
/// <param name="Threshold">t.</param>
internal sealed record LinearProbe(double[] Direction, double Threshold)
{
    /// <summary>d . x - t; above 0 is a yes.</summary>
    /// <param name="vector">x, shape [D].</param>
    public double Score(ReadOnlySpan<float> vector)
    {
        double sum = -Threshold;
        for (int d = 0; d < vector.Length; d++)
        {
            sum += Direction[d] * vector[d];
        }

        return sum;
    }
}
