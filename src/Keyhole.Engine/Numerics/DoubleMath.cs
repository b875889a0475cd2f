namespace Keyhole.Engine.Numerics;

/// <summary>
/// Logarithm, power, sine and cosine in double precision from IEEE operations only. <see cref="Math"/> asks the C library of the machine, whose last
/// bit depends on its version and on the processor it finds; these give the same bits everywhere. Series are Taylor's; errors are about 1e-16.
/// </summary>
internal static class DoubleMath
{
    // ln 2 and pi/2, each as its nearest double and the rest.
    private const double Ln2High = 0.6931471805599453;
    private const double Ln2Low = 2.3190468138462996e-17;
    private const double HalfPiHigh = 1.5707963267948966;
    private const double HalfPiLow = 6.123233995736766e-17;

    /// <summary>ln x for positive normal x; minus infinity for 0, NaN below, infinity for infinity.</summary>
    public static double Log(double x)
    {
        if (!(x > 0) || !double.IsFinite(x))
        {
            return x == 0 ? double.NegativeInfinity : x > 0 ? x : double.NaN;
        }

        // x = m 2^e, sqrt(1/2) <= m < sqrt 2; ln m = 2 artanh s = 2 (s + s^3/3 + s^5/5 + ...), s = (m - 1) / (m + 1), |s| < 0.172
        int e = Math.ILogB(x);
        double m = Math.ScaleB(x, -e);
        if (m > 1.4142135623730951)
        {
            m *= 0.5;
            e++;
        }

        double s = (m - 1) / (m + 1);
        double square = s * s;
        double series = 0;
        for (int k = 23; k >= 3; k -= 2)
        {
            series = Math.FusedMultiplyAdd(series, square, 1.0 / k);
        }

        double logM = 2 * Math.FusedMultiplyAdd(series * square, s, s);
        return Math.FusedMultiplyAdd(e, Ln2High, Math.FusedMultiplyAdd(e, Ln2Low, logM));
    }

    /// <summary>e^x for |x| &lt; 700.</summary>
    public static double Exp(double x)
    {
        double n = Math.Round(x / Ln2High);
        double r = Math.FusedMultiplyAdd(n, -Ln2Low, Math.FusedMultiplyAdd(n, -Ln2High, x));
        double series = 1;
        for (int k = 14; k >= 1; k--)
        {
            series = Math.FusedMultiplyAdd(series, r / k, 1);
        }

        return Math.ScaleB(series, (int)n);
    }

    /// <summary>x^y for positive x, with a relative error of about 1e-16 |y ln x|.</summary>
    public static double Pow(double x, double y) => Exp(y * Log(x));

    /// <summary>Sine and cosine of x, for |x| below 10^9.</summary>
    public static (double Sin, double Cos) SinCos(double x)
    {
        double n = Math.Round(x / HalfPiHigh);
        double r = Math.FusedMultiplyAdd(n, -HalfPiLow, Math.FusedMultiplyAdd(n, -HalfPiHigh, x));
        double square = r * r;
        double sin = 1;
        double cos = 1;
        for (int k = 18; k >= 2; k -= 2)
        {
            sin = Math.FusedMultiplyAdd(sin, -square / (k * (k + 1)), 1);
            cos = Math.FusedMultiplyAdd(cos, -square / (k * (k - 1)), 1);
        }

        sin *= r;
        return ((long)n & 3) switch
        {
            0 => (sin, cos),
            1 => (cos, -sin),
            2 => (-sin, -cos),
            _ => (-cos, sin),
        };
    }
}
