namespace Keyhole.Statistics;

/// <summary>Percentile bootstrap (Efron 1979): 1,000 resamples with replacement; the interval goes from their 2.5% to their 97.5% quantile.</summary>
/// <remarks>
/// NaN is passed over and leaves N. Draw i of resample b is entry floor(n u) of the sorted values, u = CounterHash(seed, b, i) / 2^64: the result depends on the
/// seed and the values alone, not on their order. The interval of one value has no width; of none there is none.
/// </remarks>
public static class Bootstrap
{
    /// <summary>Number of resamples.</summary>
    public const int Resamples = 1000;

    /// <summary>The mean with its interval.</summary>
    /// <param name="values">One value a text (or trigger, or whatever is drawn).</param>
    /// <param name="seed">Which resamples.</param>
    public static Estimate Mean(ReadOnlySpan<double> values, ulong seed)
    {
        double[] sorted = Quantile.Sorted(values);
        return Of(sorted, Average(sorted), seed, (counts, all) =>
        {
            double sum = 0;
            for (int i = 0; i < counts.Length; i++)
            {
                sum += counts[i] == 0 ? 0 : counts[i] * all[i];   // an infinity that was not drawn adds nothing
            }

            return sum / all.Length;
        });
    }

    /// <summary>The median with its interval.</summary>
    /// <param name="values">One value a text (or trigger, or whatever is drawn).</param>
    /// <param name="seed">Which resamples.</param>
    public static Estimate Median(ReadOnlySpan<double> values, ulong seed)
    {
        double[] sorted = Quantile.Sorted(values);
        return Of(sorted, Quantile.OfSorted(sorted, 0.5), seed, (counts, all) =>
        {
            // The resample in order is entry i counts[i] times over.
            int lower = Entry(counts, (all.Length - 1) / 2);
            int upper = Entry(counts, all.Length / 2);
            return lower == upper ? all[lower] : (all[lower] + all[upper]) / 2;
        });
    }

    private static Estimate Of(double[] sorted, double value, ulong seed, Func<int[], double[], double> statistic)
    {
        if (sorted.Length == 0)
        {
            return Estimate.None;
        }

        var resampled = new double[Resamples];
        var counts = new int[sorted.Length];   // how often each value was drawn
        for (int resample = 0; resample < Resamples; resample++)
        {
            Array.Clear(counts);
            for (int draw = 0; draw < sorted.Length; draw++)
            {
                counts[UniformDraw.Below(sorted.Length, seed, (ulong)resample, (ulong)draw)]++;
            }

            resampled[resample] = statistic(counts, sorted);
        }

        Array.Sort(resampled);
        return new Estimate(value, new Interval(Quantile.OfSorted(resampled, 0.025), Quantile.OfSorted(resampled, 0.975)), sorted.Length);
    }

    private static double Average(double[] values)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += value;
        }

        return sum / values.Length;
    }

    private static int Entry(int[] counts, int place)
    {
        int at = 0;
        for (int before = counts[0]; before <= place; before += counts[at])
        {
            at++;
        }

        return at;
    }
}
