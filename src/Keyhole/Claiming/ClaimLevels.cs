namespace Keyhole.Claiming;

/// <summary>What the lower ends of the intervals must exceed.</summary>
/// <param name="Precision">For <see cref="ClaimVerdict.Sufficient"/>.</param>
/// <param name="Recall">For <see cref="ClaimVerdict.Necessary"/>.</param>
public readonly record struct ClaimLevels(double Precision, double Recall)
{
    /// <summary>One half each: more often than not.</summary>
    public static ClaimLevels Default { get; } = new(0.5, 0.5);
}
