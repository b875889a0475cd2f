namespace Keyhole.Statistics;

/// <summary>A closed 95% interval. Both ends are NaN where there is nothing to make one of.</summary>
/// <param name="Lower">Lower end.</param>
/// <param name="Upper">Upper end.</param>
public readonly record struct Interval(double Lower, double Upper)
{
    /// <summary>No interval.</summary>
    public static Interval None { get; } = new(double.NaN, double.NaN);

    /// <summary>Whether a value lies in the interval, its ends included; false without one.</summary>
    /// <param name="value">The value.</param>
    public bool Contains(double value) => value >= Lower && value <= Upper;
}
