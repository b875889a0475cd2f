using System.Globalization;

namespace Keyhole.Benchmarks;

/// <summary>What a figure should be.</summary>
/// <param name="IsLeast">Whether the limit is a lower one.</param>
/// <param name="Limit">The limit, which is itself good enough.</param>
internal sealed record Bar(bool IsLeast, double Limit)
{
    /// <summary>Not less than a limit.</summary>
    public static Bar AtLeast(double limit) => new(true, limit);

    /// <summary>Not more than a limit.</summary>
    public static Bar AtMost(double limit) => new(false, limit);

    /// <summary>Whether a number meets it; NaN does not.</summary>
    public bool Holds(double number) => IsLeast ? number >= Limit : number <= Limit;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(IsLeast ? "at least" : "at most")} {Limit:0.###}");
}
