namespace Keyhole.Statistics;

/// <summary>
/// The cosine of two independent directions, one of which at least is uniform on the sphere in d dimensions: the exact null of every cosine between weights. Its
/// density on [-1, 1] is proportional to (1 - t^2)^((d - 3) / 2), so cosine^2 has the Beta(1/2, (d - 1) / 2) distribution (Muller 1959; any text on spherical statistics).
/// In one dimension it is -1 or 1, each with probability 1/2.
/// </summary>
public static class RandomCosine
{
    /// <summary>The cosine that a random one lies at or below with this probability; exact to a few units of the last place.</summary>
    /// <param name="dimension">d, at least 1.</param>
    /// <param name="probability">Between 0 and 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">One is out of its bounds.</exception>
    public static double Quantile(int dimension, double probability)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        if (!(probability is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability lies between 0 and 1.");
        }

        if (dimension == 1)
        {
            return probability <= 0.5 ? -1 : 1;
        }

        double size = UpperQuantile(dimension, Math.Min(probability, 1 - probability));
        return probability < 0.5 ? -size : size;
    }

    /// <summary>The probability that a random cosine is at least this large; twice that of |c| is the probability that it is as far from zero as c.</summary>
    /// <param name="dimension">d, at least 1.</param>
    /// <param name="cosine">Any number but NaN.</param>
    /// <exception cref="ArgumentOutOfRangeException">One is out of its bounds.</exception>
    public static double TailProbability(int dimension, double cosine)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        if (double.IsNaN(cosine))
        {
            throw new ArgumentOutOfRangeException(nameof(cosine), cosine, "A cosine is a number.");
        }

        if (cosine is <= -1 or > 1)
        {
            return cosine > 1 ? 0 : 1;
        }

        if (dimension == 1)
        {
            return 0.5;
        }

        return cosine < 0 ? 1 - UpperTail(dimension, -cosine) : UpperTail(dimension, cosine);
    }

    // P(cosine >= t) for t in [0, 1]: half of I_(1 - t^2)((d - 1) / 2, 1/2), or half less half of I_(t^2)(1/2, (d - 1) / 2), whichever continued fraction is the short one.
    private static double UpperTail(int dimension, double t)
    {
        if (t is 0 or 1)
        {
            return t == 0 ? 0.5 : 0;
        }

        double a = (dimension - 1) / 2.0;
        double square = t * t;
        double rest = (1 - t) * (1 + t);
        double scale = Density(dimension, t) * t * rest;   // (1 - t^2)^a t / B(a, 1/2)
        return square * (a + 2.5) > 1.5
            ? scale / (2 * a) * BetaFraction(a, 0.5, rest)
            : 0.5 - (scale * BetaFraction(0.5, a, square));
    }

    // (1 - t^2)^((d - 3) / 2) / B((d - 1) / 2, 1/2).
    private static double Density(int dimension, double t)
        => Math.Exp((dimension - 3) / 2.0 * (t > 0.5 ? Math.Log((1 - t) * (1 + t)) : LogOnePlus.Of(-t * t))) * GammaRatio((dimension - 1) / 2.0) / Math.Sqrt(Math.PI);

    // The t in [0, 1] that a random cosine exceeds with probability q <= 1/2: Newton's steps on ln of the tail, kept within a bracket.
    private static double UpperQuantile(int dimension, double q)
    {
        if (q is 0 or 0.5)
        {
            return q == 0 ? 1 : 0;
        }

        double low = 0;
        double high = 1;
        double t = Math.Min(0.5, 1 / Math.Sqrt(dimension));
        for (int i = 0; i < 200 && high - low > 0; i++)
        {
            double tail = UpperTail(dimension, t);
            if (tail == q)
            {
                return t;
            }

            (low, high) = tail > q ? (t, high) : (low, t);
            double next = t + (Math.Log(tail / q) * tail / Density(dimension, t));
            next = next > low && next < high ? next : low + ((high - low) / 2);   // also where the tail is 0 as a double
            if (next == t || next == low || next == high)
            {
                break;
            }

            t = next;
        }

        return t;
    }

    // Gamma(z + 1/2) / Gamma(z): its asymptotic series (Tricomi and Erdelyi 1951) from z = 64 on, the recurrence G(z) = G(z + 1) z / (z + 1/2) below.
    private static double GammaRatio(double z)
    {
        double factor = 1;
        for (; z < 64; z++)
        {
            factor *= z / (z + 0.5);
        }

        double series = 1;
        double power = 1;
        foreach (double coefficient in (ReadOnlySpan<double>)[-1.0 / 8, 1.0 / 128, 5.0 / 1024, -21.0 / 32768, -399.0 / 262144, 869.0 / 4194304])
        {
            power /= z;
            series += coefficient * power;
        }

        return factor * Math.Sqrt(z) * series;
    }

    // The continued fraction of the incomplete beta function (DLMF 8.17.22), by the modified Lentz method: I_x(a, b) = x^a (1 - x)^b / (a B(a, b)) times this; short where x < (a + 1) / (a + b + 2).
    private static double BetaFraction(double a, double b, double x)
    {
        const double tiny = 1e-300;
        double c = 1;
        double d = 1 - ((a + b) * x / (a + 1));
        d = 1 / (Math.Abs(d) < tiny ? tiny : d);
        double fraction = d;
        for (int m = 1; m <= 100_000; m++)
        {
            double even = m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m)));
            double odd = -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1));
            double step = Advance(even) * Advance(odd);
            if (Math.Abs(step - 1) < 1e-16)
            {
                break;
            }

            double Advance(double coefficient)
            {
                d = 1 + (coefficient * d);
                d = 1 / (Math.Abs(d) < tiny ? tiny : d);
                c = 1 + (coefficient / c);
                c = Math.Abs(c) < tiny ? tiny : c;
                fraction *= c * d;
                return c * d;
            }
        }

        return fraction;
    }
}
