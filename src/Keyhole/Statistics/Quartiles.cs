namespace Keyhole.Statistics;

/// <summary>Quartiles.</summary>
/// <param name="Lower">25%.</param>
/// <param name="Median">50%.</param>
/// <param name="Upper">75%.</param>
public readonly record struct Quartiles(double Lower, double Median, double Upper)
{
    /// <summary>Linear interpolation, NaN passed over.</summary>
    public static Quartiles Of(ReadOnlySpan<double> values)
    {
        double[] sorted = [.. values.ToArray().Where(value => !double.IsNaN(value)).Order()];
        double At(double q)
        {
            if (sorted.Length == 0)
            {
                return double.NaN;
            }

            double at = q * (sorted.Length - 1);
            int low = (int)at;
            return sorted[low] + ((at - low) * (sorted[Math.Min(low + 1, sorted.Length - 1)] - sorted[low]));
        }

        return new Quartiles(At(0.25), At(0.5), At(0.75));
    }
}
