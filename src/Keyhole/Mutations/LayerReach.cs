using Keyhole.Statistics;

namespace Keyhole.Mutations;

/// <summary>How far back the memories of a layer read: tokens from the prefix's end to the token whose loss lowers |m| most; 0 is the last token itself.</summary>
public sealed record LayerReach
{
    /// <summary>The layer.</summary>
    public required int Layer { get; init; }

    /// <summary>Quartiles of the distance over triggers.</summary>
    public required Quartiles Distance { get; init; }

    /// <summary>Mean of the distance with its interval: most memories read the last token, so that the median says little.</summary>
    public required Estimate Mean { get; init; }

    /// <summary>Median of the distance with its interval; N triggers.</summary>
    public required Estimate Median { get; init; }

    /// <summary>Triggers at which no token's loss lowers |m|: they have no distance and are not among the N.</summary>
    public required long Unmoved { get; init; }
}
