namespace Keyhole.Claiming.Passes;

/// <summary>The largest memories of a layer at a position.</summary>
/// <param name="Layer">Layer, from 0.</param>
/// <param name="Rank">How many count.</param>
/// <param name="IsWeighted">By |m| |v|, not by |m|.</param>
internal readonly record struct RankRule(int Layer, int Rank, bool IsWeighted)
{
    /// <summary>The rule of a threshold in a layer.</summary>
    public static RankRule Of(int layer, ClaimThreshold threshold) => new(layer, (int)threshold.Number, threshold.Kind == ThresholdKind.WeightedRank);
}
