namespace Keyhole.Claiming;

/// <summary>Rules by which a memory counts as active (method, section 6).</summary>
public enum ThresholdKind
{
    /// <summary>Above zero.</summary>
    Zero,

    /// <summary>Above a quantile of its own coefficients.</summary>
    Quantile,

    /// <summary>Above a fraction of its largest coefficient.</summary>
    Fraction,

    /// <summary>Above its mean and some standard deviations.</summary>
    Deviations,

    /// <summary>Among the largest |m| of its layer at the position.</summary>
    Rank,

    /// <summary>Among the largest |m| |v| of its layer at the position.</summary>
    WeightedRank,
}
