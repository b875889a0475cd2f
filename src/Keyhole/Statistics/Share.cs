namespace Keyhole.Statistics;

/// <summary>A share with what it is a share of.</summary>
/// <param name="Count">Hits.</param>
/// <param name="Total">Of so many.</param>
public readonly record struct Share(long Count, long Total)
{
    /// <summary>Count / Total; NaN where there is nothing.</summary>
    public double Value => Total == 0 ? double.NaN : (double)Count / Total;

    /// <summary>Wilson's 95% interval.</summary>
    public Interval Wilson()
    {
        const double Z = 1.959963984540054;
        if (Total == 0)
        {
            return new Interval(double.NaN, double.NaN);
        }

        double n = Total;
        double centre = (Value + (Z * Z / (2 * n))) / (1 + (Z * Z / n));
        double half = Z * Math.Sqrt((Value * (1 - Value) / n) + (Z * Z / (4 * n * n))) / (1 + (Z * Z / n));
        return new Interval(Math.Max(0, centre - half), Math.Min(1, centre + half));
    }
}
