namespace Keyhole.Compat;

/// <summary>Reads a layer as the paper's released code does, so that runs can be compared line by line (method, section 8).</summary>
internal static class CompatScorer
{
    /// <summary>The code's numbers of one layer at one position, from whole distributions.</summary>
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
        if (residual.Length != update.Length || residual.Length != output.Length)
        {
            throw new ArgumentException($"r, y and o have {residual.Length}, {update.Length} and {output.Length} log-probabilities: equal lengths are expected.");
        }

        int residualTop = Top(residual);
        return Read(Vector(residual, final, residualTop), Vector(update, final, residualTop), Vector(output, final, residualTop), weights, memoryTops, residualNorm);
    }

    /// <summary>The same, from what is needed of the distributions.</summary>
    /// <param name="residual">Of r.</param>
    /// <param name="update">Of y.</param>
    /// <param name="output">Of o; its top token alone is read.</param>
    /// <param name="weights">m_i |v_i|, shape [F]; 0 where a memory is not active, below 0 where m_i is.</param>
    /// <param name="memoryTops">top(m_i v_i), shape [F]; read only where the memory is active.</param>
    /// <param name="residualNorm">|r|.</param>
    public static CompatReading Read(in CompatVector residual, in CompatVector update, in CompatVector output,
        ReadOnlySpan<float> weights, ReadOnlySpan<int> memoryTops, float residualNorm)
    {
        if (weights.Length != memoryTops.Length)
        {
            throw new ArgumentException($"There are {weights.Length} weights and {memoryTops.Length} tops of memories: equal lengths are expected.");
        }

        return new CompatReading
        {
            OutputTop = output.Top,
            OutputTopProbability = output.TopProbability,
            ResidualTop = residual.Top,
            ResidualTopProbability = residual.TopProbability,
            FinalRankInResidual = residual.FinalRank,
            FinalProbabilityInResidual = residual.FinalProbability,
            UpdateTop = update.Top,
            UpdateTopProbability = update.TopProbability,
            FinalRankInUpdate = update.FinalRank,
            FinalProbabilityInUpdate = update.FinalProbability,
            ResidualTopRankInUpdate = update.ResidualTopRank,
            ResidualTopProbabilityInUpdate = update.ResidualTopProbability,
            MatchingMemories = Matching(weights, memoryTops, output.Top),
            PositiveEntries = Larger(weights, 0) + (residualNorm > 0 ? 1 : 0),
            ResidualNormRank = Larger(weights, residualNorm),
        };
    }

    private static CompatVector Vector(ReadOnlySpan<float> logProbabilities, int final, int residualTop)
    {
        int top = Top(logProbabilities);
        return new CompatVector(top, Math.Exp(logProbabilities[top]))
        {
            FinalRank = Larger(logProbabilities, logProbabilities[final]),
            FinalProbability = Math.Exp(logProbabilities[final]),
            ResidualTopRank = Larger(logProbabilities, logProbabilities[residualTop]),
            ResidualTopProbability = Math.Exp(logProbabilities[residualTop]),
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
            int top = weights[i] != 0 ? tops[i] : 0;   // an inactive memory adds a vector of zeros, whose first best token is id 0: the code counts that as its prediction
            matching += top == wanted ? 1 : 0;
        }

        return matching;
    }
}
