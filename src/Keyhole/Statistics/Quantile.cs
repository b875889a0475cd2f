namespace Keyhole.Statistics;

/// <summary>Quantiles of sorted values.</summary>
internal static class Quantile
{
    /// <summary>The value at place (n - 1) q, linear between neighbours (numpy's default, type 7 of Hyndman and Fan 1996); NaN where there are none.</summary>
    /// <param name="sorted">Values in ascending order, without NaN.</param>
    /// <param name="q">Between 0 and 1.</param>
    public static double OfSorted(ReadOnlySpan<double> sorted, double q)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(q);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(q, 1);
        if (sorted.IsEmpty)
        {
            return double.NaN;
        }

        double place = (sorted.Length - 1) * q;
        int below = (int)place;
        double share = place - below;
        return share == 0 || sorted[below] == sorted[below + 1]   // the second: two infinities have no difference
            ? sorted[below]
            : sorted[below] + (share * (sorted[below + 1] - sorted[below]));
    }

    /// <summary>The values that are not NaN, in ascending order.</summary>
    /// <param name="values">Values in any order.</param>
    public static double[] Sorted(ReadOnlySpan<double> values)
    {
        double[] kept = new double[values.Length];
        int count = 0;
        foreach (double value in values)
        {
            if (!double.IsNaN(value))
            {
                kept[count++] = value;
            }
        }

        Array.Resize(ref kept, count);
        Array.Sort(kept);
        return kept;
    }
}
