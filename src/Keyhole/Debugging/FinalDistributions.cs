using System.Collections.Immutable;

namespace Keyhole.Debugging;

/// <summary>Two whole distributions over the vocabulary side by side.</summary>
/// <param name="before">Logits without interventions, [V].</param>
/// <param name="logSumBefore">log(sum of exp) of them.</param>
/// <param name="after">Logits with interventions, [V].</param>
/// <param name="logSumAfter">log(sum of exp) of them.</param>
internal sealed class FinalDistributions(float[] before, double logSumBefore, float[] after, double logSumAfter)
{
    /// <summary>sum of p log(p / q), p without and q with interventions, in nats; never below 0, though roundings might be.</summary>
    public double Divergence()
    {
        double sum = 0;
        for (int token = 0; token < before.Length; token++)
        {
            double log = before[token] - logSumBefore;
            sum += Math.Exp(log) * (log - (after[token] - logSumAfter));
        }

        return Math.Max(0, sum);
    }

    /// <summary>One token in both.</summary>
    /// <param name="token">Token id.</param>
    public TokenShift Of(int token) => new(token, Math.Exp(before[token] - logSumBefore), Math.Exp(after[token] - logSumAfter), Rank(before, token), Rank(after, token));

    /// <summary>Tokens in both, those of the larger of their two probabilities first.</summary>
    /// <param name="tokens">Token ids, in any order.</param>
    public ImmutableArray<TokenShift> Of(IEnumerable<int> tokens)
        => [.. tokens.Distinct().Select(Of).OrderByDescending(shift => Math.Max(shift.Before, shift.After)).ThenBy(shift => shift.Token)];

    // Logits above it, and half of the others that equal it: ties at the mean of first and last rank.
    private static double Rank(float[] logits, int token)
    {
        (int greater, int equal) = (0, 0);
        float own = logits[token];
        foreach (float logit in logits)
        {
            greater += logit > own ? 1 : 0;
            equal += logit == own ? 1 : 0;
        }

        return greater + ((equal - 1) / 2.0);
    }
}
