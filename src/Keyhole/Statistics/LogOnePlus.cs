namespace Keyhole.Statistics;

/// <summary>ln(1 + u) where u may be small.</summary>
internal static class LogOnePlus
{
    /// <summary>ln(1 + u), right to the last places for u near 0 too: with w = 1 + u as rounded it is ln(w) u / (w - 1) (Kahan).</summary>
    /// <param name="u">Above -1.</param>
    public static double Of(double u)
    {
        double w = 1 + u;
        return w == 1 ? u : double.IsPositiveInfinity(w) ? w : Math.Log(w) * (u / (w - 1));
    }
}
