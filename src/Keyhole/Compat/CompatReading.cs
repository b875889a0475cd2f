namespace Keyhole.Compat;

/// <summary>What the paper's released code (mega002/ff-layers, <c>sequence_scorer.py</c>) reports of one layer at one position; its own field names stand in quotes.</summary>
/// <remarks>Letters as in the method: r, y, o = r + y; every distribution is the model's own head on the vector as it is, without a norm.</remarks>
internal sealed record CompatReading
{
    /// <summary>"layer_output_argmax": top token of o.</summary>
    public required int OutputTop { get; init; }

    /// <summary>"layer_output_argmax_prob".</summary>
    public required double OutputTopProbability { get; init; }

    /// <summary>"residual_argmax": top token of r.</summary>
    public required int ResidualTop { get; init; }

    /// <summary>"residual_argmax_prob".</summary>
    public required double ResidualTopProbability { get; init; }

    /// <summary>"residual_output_rank": rank of the model's final prediction in r.</summary>
    public required int FinalRankInResidual { get; init; }

    /// <summary>"residual_output_prob".</summary>
    public required double FinalProbabilityInResidual { get; init; }

    /// <summary>"ffn_argmax": top token of y, its bias included.</summary>
    public required int UpdateTop { get; init; }

    /// <summary>"ffn_argmax_prob".</summary>
    public required double UpdateTopProbability { get; init; }

    /// <summary>"ffn_output_rank": rank of the model's final prediction in y.</summary>
    public required int FinalRankInUpdate { get; init; }

    /// <summary>"ffn_output_prob".</summary>
    public required double FinalProbabilityInUpdate { get; init; }

    /// <summary>"ffn_residual_output_rank": rank of <see cref="ResidualTop"/> in y.</summary>
    public required int ResidualTopRankInUpdate { get; init; }

    /// <summary>"ffn_residual_output_prob".</summary>
    public required double ResidualTopProbabilityInUpdate { get; init; }

    /// <summary>"residual_argmax_change": whether top(o) differs from top(y), whatever the name says.</summary>
    public bool OutputTopIsNotUpdateTop => OutputTop != UpdateTop;

    /// <summary>"ffn_matching_dims_count": memories with top(m_i v_i) = top(o); 0 is the paper's zero agreement as the code has it.</summary>
    public required int MatchingMemories { get; init; }

    /// <summary>"coeffs_l0": entries above zero among the F of m_i |v_i| and |r|, so one more than the active memories.</summary>
    public required int PositiveEntries { get; init; }

    /// <summary>"coeffs_residual_rank": rank of |r| among these F + 1 entries, largest first.</summary>
    public required int ResidualNormRank { get; init; }
}
