namespace Keyhole.Statistics;

/// <summary>The upper tail of the binomial distribution.</summary>
internal static class BinomialTail
{
    /// <summary>
    /// -log10 P(X >= k) for X of n draws that each hit with probability p: the sum of <c>C(n, j) p^j (1 - p)^(n - j)</c> over j from k to n, begun with its logarithm at k, so that
    /// nothing underflows. 0 where k is 0.
    /// </summary>
    /// <param name="k">Hits, from 0 to n.</param>
    /// <param name="n">Draws.</param>
    /// <param name="p">Between 0 and 1, both excluded.</param>
    public static double NegativeLog10(int k, int n, double p)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(k);
        ArgumentOutOfRangeException.ThrowIfLessThan(n, k);
        if (k == 0)
        {
            return 0;
        }

        double first = (k * Math.Log(p)) + ((n - k) * Math.Log(1 - p));
        for (int i = 1; i <= n - k; i++)
        {
            first += Math.Log((double)(k + i) / i);   // C(n, k)
        }

        double odds = p / (1 - p);
        double term = 1;
        double sum = 1;
        for (int j = k; j < n && term > 1e-17 * sum; j++)
        {
            term *= odds * (n - j) / (j + 1);
            sum += term;
        }

        return Math.Max(0, -(first + Math.Log(sum)) / Math.Log(10));
    }
}
