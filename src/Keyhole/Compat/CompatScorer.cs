namespace Keyhole.Compat;

/// <summary>Reads a layer as the paper's released code does, so that runs can be compared line by line (method, section 8).</summary>
internal static class CompatScorer
{
    /// <summary>The code's numbers of one layer at one position.</summary>
    /// <param name="residual">Log-probabilities of r, shape [V].</param>
    /// <param name="update">Log-probabilities of y, shape [V].</param>
    /// <param name="output">Log-probabilities of o, shape [V].</param>
    /// <param name="final">The model's final prediction.</param>
    /// <param name="weights">m_i |v_i|, shape [F]; 0 where a memory is not active.</param>
    /// <param name="memoryTops">top(m_i v_i), shape [F]; read only where the memory is active.</param>
    /// <param name="residualNorm">|r|.</param>
    public static CompatReading Read(ReadOnlySpan<float> residual, ReadOnlySpan<float> update, ReadOnlySpan<float> output, int final,
        ReadOnlySpan<float> weights, ReadOnlySpan<int> memoryTops, float residualNorm)
    {
        if (residual.Length != update.Length || residual.Length != output.Length || weights.Length != memoryTops.Length)
        {
            throw new ArgumentException($"r, y and o have {residual.Length}, {update.Length} and {output.Length} log-probabilities, weights and tops of memories {weights.Length} and {memoryTops.Length}: equal lengths are expected.");
        }

        int outputTop = Top(output);
        int residualTop = Top(residual);
        int updateTop = Top(update);
        return new CompatReading
        {
            OutputTop = outputTop,
            OutputTopProbability = Math.Exp(output[outputTop]),
            ResidualTop = residualTop,
            ResidualTopProbability = Math.Exp(residual[residualTop]),
            FinalRankInResidual = Larger(residual, residual[final]),
            FinalProbabilityInResidual = Math.Exp(residual[final]),
            UpdateTop = updateTop,
            UpdateTopProbability = Math.Exp(update[updateTop]),
            FinalRankInUpdate = Larger(update, update[final]),
            FinalProbabilityInUpdate = Math.Exp(update[final]),
            ResidualTopRankInUpdate = Larger(update, update[residualTop]),
            ResidualTopProbabilityInUpdate = Math.Exp(update[residualTop]),
            MatchingMemories = Matching(weights, memoryTops, outputTop),
            PositiveEntries = Larger(weights, 0) + (residualNorm > 0 ? 1 : 0),
            ResidualNormRank = Larger(weights, residualNorm),
        };
    }

    // The first of equals.
    private static int Top(ReadOnlySpan<float> logProbabilities)
    {
        int top = 0;
        for (int token = 1; token < logProbabilities.Length; token++)
        {
            top = logProbabilities[token] > logProbabilities[top] ? token : top;
        }

        return top;
    }

    // A rank from 0. Among equals the code's own order is left to its sort; here they share the first rank.
    private static int Larger(ReadOnlySpan<float> values, float than)
    {
        int larger = 0;
        foreach (float value in values)
        {
            larger += value > than ? 1 : 0;
        }

        return larger;
    }

    private static int Matching(ReadOnlySpan<float> weights, ReadOnlySpan<int> tops, int wanted)
    {
        int matching = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            int top = weights[i] > 0 ? tops[i] : 0;   // an inactive memory adds a vector of zeros, whose first best token is id 0: the code counts that as its prediction
            matching += top == wanted ? 1 : 0;
        }

        return matching;
    }
}
