using System.Collections.Immutable;

namespace Keyhole.Compat;

/// <summary>The released code's own names of what it reports of a layer.</summary>
internal static class CompatFields
{
    /// <summary>Names in the order of that code's records, with the value: a whole number (<see cref="int"/>) or a probability (<see cref="double"/>).</summary>
    public static ImmutableArray<(string Name, Func<CompatReading, object> Value)> All { get; } =
    [
        ("layer_output_argmax", read => read.OutputTop),
        ("layer_output_argmax_prob", read => read.OutputTopProbability),
        ("residual_argmax", read => read.ResidualTop),
        ("residual_argmax_prob", read => read.ResidualTopProbability),
        ("residual_output_rank", read => read.FinalRankInResidual),
        ("residual_output_prob", read => read.FinalProbabilityInResidual),
        ("residual_argmax_change", read => read.OutputTopIsNotUpdateTop ? 1 : 0),
        ("ffn_argmax", read => read.UpdateTop),
        ("ffn_argmax_prob", read => read.UpdateTopProbability),
        ("ffn_output_rank", read => read.FinalRankInUpdate),
        ("ffn_output_prob", read => read.FinalProbabilityInUpdate),
        ("ffn_residual_output_rank", read => read.ResidualTopRankInUpdate),
        ("ffn_residual_output_prob", read => read.ResidualTopProbabilityInUpdate),
        ("ffn_matching_dims_count", read => read.MatchingMemories),
        ("coeffs_l0", read => read.PositiveEntries),
        ("coeffs_residual_rank", read => read.ResidualNormRank),
    ];
}
