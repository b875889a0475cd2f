namespace Keyhole.Statistics;

/// <summary>A number with its 95% interval.</summary>
/// <param name="Value">The number.</param>
/// <param name="Interval">Its interval.</param>
/// <param name="N">Of so many.</param>
public readonly record struct Estimate(double Value, Interval Interval, long N);
