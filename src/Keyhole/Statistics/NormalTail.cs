namespace Keyhole.Statistics;

/// <summary>The upper tail of the standard normal distribution.</summary>
public static class NormalTail
{
    private const double SeriesEnd = 3;
    private const int FractionTerms = 120;   // from the end of the series on, enough for all digits of a double
    private static readonly double s_scale = 1 / Math.Sqrt(2 * Math.PI);

    /// <summary>
    /// P(Z > z), also far out, where 1 less the distribution function would be 0: by the series <c>1/2 - phi(z) sum of z^(2k+1) / (1 3 5 ... (2k+1))</c> up to z = 3, then by Laplace's
    /// continued fraction <c>phi(z) / (z + 1/(z + 2/(z + 3/(z + ...))))</c> (Abramowitz and Stegun 1964, 26.2.11 and 26.2.14), with phi the density.
    /// </summary>
    /// <param name="z">Any number; NaN gives NaN.</param>
    public static double Above(double z)
    {
        if (z < 0)
        {
            return 1 - Above(-z);
        }

        double density = s_scale * Math.Exp(-0.5 * z * z);
        if (z <= SeriesEnd)
        {
            double term = z;
            double sum = z;
            for (int odd = 3; term > sum * 1e-17; odd += 2)
            {
                term *= z * z / odd;
                sum += term;
            }

            return 0.5 - (density * sum);
        }

        double fraction = z;
        for (int k = FractionTerms; k >= 1; k--)
        {
            fraction = z + (k / fraction);
        }

        return density / fraction;
    }
}
