namespace Keyhole.Statistics;

/// <summary>How many of how many.</summary>
/// <param name="Count">Those that have the property.</param>
/// <param name="Total">All that were asked: n.</param>
public readonly record struct Share(long Count, long Total)
{
    /// <summary>The 97.5% point of the standard normal distribution.</summary>
    internal const double Z = 1.959963984540054;

    /// <summary>Count / Total; NaN where Total is 0.</summary>
    public double Value => Total == 0 ? double.NaN : (double)Count / Total;

    /// <summary>The share as a number with Wilson's interval.</summary>
    public Estimate ToEstimate() => new(Value, Wilson(), Total);

    /// <summary>
    /// Wilson's 95% score interval (Wilson 1927, "Probable inference, the law of succession, and statistical inference"): with p = Count / n,
    /// <c>(p + z^2 / 2n ± z sqrt(p (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n)</c>. Unlike p ± z sd it stays in [0, 1] and has a width where Count is 0 or n.
    /// </summary>
    public Interval Wilson()
    {
        if (Total == 0)
        {
            return Interval.None;
        }

        double n = Total;
        double p = Count / n;
        double scale = 1 + (Z * Z / n);
        double centre = (p + (Z * Z / (2 * n))) / scale;
        double half = Z * Math.Sqrt((p * (1 - p) / n) + (Z * Z / (4 * n * n))) / scale;

        // At its two ends the formula gives 0 and 1 but for rounding.
        return new Interval(Count == 0 ? 0 : Math.Max(0, centre - half), Count == Total ? 1 : Math.Min(1, centre + half));
    }
}
