namespace Keyhole.Statistics;

/// <summary>Population moments of values that are all at hand; those of a memory come from exact sums instead (<see cref="Keyhole.Memories.NeuronStatistics"/>).</summary>
/// <param name="Count">Values.</param>
/// <param name="Mean">Mean; NaN without values.</param>
/// <param name="Variance">m2, the mean of the squared distance from the mean; NaN without values.</param>
/// <param name="Skewness">m3 / m2^1.5; NaN where the variance is zero.</param>
/// <param name="ExcessKurtosis">m4 / m2^2 - 3; NaN where the variance is zero.</param>
public readonly record struct Moments(long Count, double Mean, double Variance, double Skewness, double ExcessKurtosis)
{
    /// <summary>Two passes, the second over distances from the mean, with the first's rounding taken out again (Chan, Golub, LeVeque 1983), all scaled by a power of two so that no power overflows.</summary>
    /// <param name="values">Finite numbers.</param>
    /// <exception cref="ArgumentException">One is not finite.</exception>
    public static Moments Of(ReadOnlySpan<double> values)
    {
        double smallest = double.PositiveInfinity;
        double largest = double.NegativeInfinity;
        foreach (double value in values)
        {
            if (!double.IsFinite(value))
            {
                throw new ArgumentException($"The values hold {value}; moments need finite numbers.");
            }

            smallest = Math.Min(smallest, value);
            largest = Math.Max(largest, value);
        }

        if (values.IsEmpty || smallest == largest)
        {
            return new Moments(values.Length, values.IsEmpty ? double.NaN : smallest, values.IsEmpty ? double.NaN : 0, double.NaN, double.NaN);
        }

        // Every value is less than 1 in size once scaled, and n distances of less than 2 have a fourth power far from overflow.
        int exponent = Math.ILogB(Math.Max(Math.Abs(smallest), Math.Abs(largest))) + 1;
        double n = values.Length;
        double sum = 0;
        foreach (double value in values)
        {
            sum += Math.ScaleB(value, -exponent);
        }

        double centre = sum / n;
        double rest = 0, second = 0, spread = 0;
        foreach (double value in values)
        {
            double distance = Math.ScaleB(value, -exponent) - centre;
            rest += distance;
            spread = Math.Max(spread, Math.Abs(distance));
        }

        double shift = rest / n;
        double third = 0, fourth = 0;
        foreach (double value in values)
        {
            // In units of the largest distance: values that are close together do not lose their fourth power.
            double distance = (Math.ScaleB(value, -exponent) - centre - shift) / spread;
            double square = distance * distance;
            second += square;
            third += square * distance;
            fourth += square * square;
        }

        double variance = second / n;
        double sd = Math.ScaleB(spread * Math.Sqrt(variance), exponent);
        return new Moments(values.Length, Math.ScaleB(centre + shift, exponent), sd * sd, third / n / (variance * Math.Sqrt(variance)), (fourth / n / (variance * variance)) - 3);
    }
}
