namespace Keyhole.Verification;

/// <summary>What a tensor of a reference capture holds of its site. T tokens, D width, F memories, V vocabulary.</summary>
public enum ReferenceForm
{
    /// <summary>The values: [T, D], [T, F], or for logits the last rows of [T, V].</summary>
    Values,

    /// <summary>The largest values of each row, [T, k], at the columns of <c>NAME.top_index</c>.</summary>
    Largest,

    /// <summary>The smallest values of each row, [T, k], at the columns of <c>NAME.bottom_index</c>.</summary>
    Smallest,

    /// <summary>The Euclidean norm of each row, [T].</summary>
    Norms,

    /// <summary>Natural log-probabilities of the tokens of <c>top_id</c> at each position, [T, k].</summary>
    ListedLogProbabilities,

    /// <summary>Natural log-probability of the token that follows, [T - 1].</summary>
    NextLogProbability,

    /// <summary>Natural log-probabilities of every token, [T, V].</summary>
    LogProbabilities,
}
