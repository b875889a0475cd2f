namespace Keyhole.Statistics;

/// <summary>
/// Benjamini and Hochberg's procedure (1995, "Controlling the false discovery rate"): of the tests that it rejects at a rate, at most that share is expected to be wrong, where tests
/// are independent or positively dependent.
/// </summary>
/// <remarks>NaN stands for a test that was not made: it is not counted and not rejected.</remarks>
public static class FalseDiscovery
{
    /// <summary>Adjusted p-values: with the m tests in ascending order, the smallest of p_j m / j over j >= the test's place, at most 1.</summary>
    /// <param name="p">Each between 0 and 1, or NaN.</param>
    /// <returns>In the order of <paramref name="p"/>; NaN where it is NaN.</returns>
    /// <exception cref="ArgumentException">A p-value lies outside 0 and 1.</exception>
    public static double[] Adjusted(ReadOnlySpan<double> p)
    {
        (double[] sorted, int[] places) = Ordered(p);
        double[] adjusted = new double[p.Length];
        Array.Fill(adjusted, double.NaN);
        double smallest = 1;
        for (int i = sorted.Length - 1; i >= 0; i--)
        {
            smallest = Math.Min(smallest, sorted[i] / ((i + 1.0) / sorted.Length));
            adjusted[places[i]] = smallest;
        }

        return adjusted;
    }

    /// <summary>Which tests are rejected: all up to the last, in ascending order, with p_j &lt;= rate * j / m.</summary>
    /// <param name="p">Each between 0 and 1, or NaN.</param>
    /// <param name="rate">The false-discovery rate, between 0 and 1.</param>
    /// <returns>In the order of <paramref name="p"/>; false where it is NaN.</returns>
    /// <exception cref="ArgumentException">A p-value lies outside 0 and 1.</exception>
    public static bool[] Rejected(ReadOnlySpan<double> p, double rate)
    {
        (double[] sorted, int[] places) = Ordered(p);
        int count = sorted.Length;
        while (count > 0 && sorted[count - 1] > (double)count / sorted.Length * rate)
        {
            count--;
        }

        bool[] rejected = new bool[p.Length];
        foreach (int place in places.AsSpan(0, count))
        {
            rejected[place] = true;
        }

        return rejected;
    }

    private static (double[] Sorted, int[] Places) Ordered(ReadOnlySpan<double> p)
    {
        List<double> tests = [];
        List<int> places = [];
        for (int i = 0; i < p.Length; i++)
        {
            if (p[i] is < 0 or > 1)
            {
                throw new ArgumentException($"p-value {i} is {p[i]}; it must lie between 0 and 1.");
            }

            if (!double.IsNaN(p[i]))
            {
                tests.Add(p[i]);
                places.Add(i);
            }
        }

        double[] sorted = [.. tests];
        int[] order = [.. places];
        Array.Sort(sorted, order);
        return (sorted, order);
    }
}
