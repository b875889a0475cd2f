namespace Keyhole.Engine.Tests.Numerics.Reference;

/// <summary>Double-precision twin of the engine's vector mathematics.</summary>
internal static class VectorMath
{
    public static double Exp(double x) => Math.Exp(x);

    public static double Tanh(double x) => Math.Tanh(x);

    public static double Sigmoid(double x) => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x));

    public static double NormalCdf(double x) => 0.5 * Erfc(-x / Math.Sqrt(2));

    /// <summary>erf by its series of positive terms up to 3 (Abramowitz and Stegun 7.1.6), then by 1 - erfc.</summary>
    public static double Erf(double x)
    {
        if (double.IsNaN(x))
        {
            return x;
        }

        if (Math.Abs(x) > 3)
        {
            return x > 0 ? 1 - Erfc(x) : Erfc(-x) - 1;
        }

        double term = x;
        double sum = x;
        for (int n = 1; n < 100; n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    /// <summary>1 - erf, from 2 on by its continued fraction (Abramowitz and Stegun 7.1.14), so that its tail is exact to the last digits.</summary>
    public static double Erfc(double x)
    {
        if (!(x >= 2))
        {
            return 1 - Erf(x);
        }

        double fraction = 0;
        for (int k = 400; k >= 1; k--)
        {
            fraction = k / 2.0 / (x + fraction);
        }

        return Math.Exp(-x * x) / Math.Sqrt(Math.PI) / (x + fraction);
    }
}
