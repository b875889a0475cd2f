namespace Keyhole.Statistics;

/// <summary>Where the middle half of a distribution lies; all NaN where there are no values.</summary>
/// <param name="Lower">25% quantile.</param>
/// <param name="Median">50% quantile.</param>
/// <param name="Upper">75% quantile.</param>
public readonly record struct Quartiles(double Lower, double Median, double Upper)
{
    /// <summary>Quartiles of nothing.</summary>
    public static Quartiles None { get; } = new(double.NaN, double.NaN, double.NaN);

    /// <summary>Quartiles, linear between neighbours as numpy's; NaN is passed over.</summary>
    /// <param name="values">Values in any order.</param>
    public static Quartiles Of(ReadOnlySpan<double> values)
    {
        double[] sorted = Quantile.Sorted(values);
        return new Quartiles(Quantile.OfSorted(sorted, 0.25), Quantile.OfSorted(sorted, 0.5), Quantile.OfSorted(sorted, 0.75));
    }
}
