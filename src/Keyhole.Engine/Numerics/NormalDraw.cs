namespace Keyhole.Engine.Numerics;

/// <summary>Standard normal numbers from uniform bits: the same on every machine, as logarithm, sine and cosine are <see cref="DoubleMath"/>'s.</summary>
public static class NormalDraw
{
    private const double Step = 1.0 / (1UL << 53);

    /// <summary>
    /// Two independent standard normal numbers of two independent uniform ones (Box and Muller 1958): r cos a and r sin a with r = sqrt(-2 ln u), a = 2 pi v,
    /// u = (floor(first / 2^11) + 1/2) / 2^53 and v = floor(second / 2^11) / 2^53.
    /// </summary>
    /// <param name="first">64 random bits.</param>
    /// <param name="second">64 others.</param>
    public static (double First, double Second) Pair(ulong first, ulong second)
    {
        double radius = Math.Sqrt(-2 * DoubleMath.Log(((first >> 11) + 0.5) * Step));
        (double sin, double cos) = DoubleMath.SinCos(2 * Math.PI * ((second >> 11) * Step));
        return (radius * cos, radius * sin);
    }
}
