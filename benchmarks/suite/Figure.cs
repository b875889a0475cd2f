namespace Keyhole.Benchmarks;

/// <summary>One measured figure.</summary>
/// <param name="Part">The part of the suite that measured it.</param>
/// <param name="Name">What was measured.</param>
internal sealed record Figure(string Part, string Name)
{
    /// <summary>The quantity itself, as it was on this machine at this moment.</summary>
    public double? Value { get; init; }

    /// <summary>Of <see cref="Value"/>.</summary>
    public string Unit { get; init; } = string.Empty;

    /// <summary>The quantity beside <see cref="To"/>, measured in the same run.</summary>
    public double? Ratio { get; init; }

    /// <summary>What <see cref="Ratio"/> is a ratio to.</summary>
    public string To { get; init; } = string.Empty;

    /// <summary>What is wanted, of <see cref="Ratio"/> where there is one and of <see cref="Value"/> else; null where nothing is.</summary>
    public Bar? Bar { get; init; }

    /// <summary>What a reader must know beside it.</summary>
    public string Note { get; init; } = string.Empty;

    /// <summary>Whether the bar is met; null without a bar.</summary>
    public bool? Ok => Bar?.Holds(Judged);

    /// <summary>The number that the bar is set for; NaN where there is none.</summary>
    public double Judged => Ratio ?? Value ?? double.NaN;
}
