namespace Keyhole.Statistics;

/// <summary>A number taken over a sample, with its 95% interval.</summary>
/// <param name="Value">The number; NaN where N is 0.</param>
/// <param name="Interval">Its interval.</param>
/// <param name="N">Values that it was taken over.</param>
public readonly record struct Estimate(double Value, Interval Interval, long N)
{
    /// <summary>A number over nothing.</summary>
    public static Estimate None { get; } = new(double.NaN, Interval.None, 0);
}
