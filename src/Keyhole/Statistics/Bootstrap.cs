using Keyhole.Corpora;

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

    private const ulong SecondSample = 2;

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

    /// <summary>A number that is a function of sums over groups, such as the sheets that prefixes stand on: groups are drawn whole, as things of one group are not independent.</summary>
    /// <remarks>
    /// Draw i is group floor(n u), so the interval depends on the order of the groups. A resample over which the number is not defined is left out; there is no
    /// interval where that is more than half of them.
    /// </remarks>
    /// <param name="groups">The sums of each group, all of one length.</param>
    /// <param name="seed">Which resamples.</param>
    /// <param name="statistic">The number of the sums over all; NaN where it is not defined.</param>
    public static Estimate OverGroups(IReadOnlyList<double[]> groups, ulong seed, Func<double[], double> statistic)
    {
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentNullException.ThrowIfNull(statistic);
        if (groups.Count == 0)
        {
            return Estimate.None;
        }

        double[] sums = new double[groups[0].Length];
        double Weighted(Func<int, int> weight)
        {
            Array.Clear(sums);
            for (int group = 0; group < groups.Count; group++)
            {
                int times = weight(group);
                for (int i = 0; times > 0 && i < sums.Length; i++)
                {
                    sums[i] += times * groups[group][i];
                }
            }

            return statistic(sums);
        }

        double[] resampled = Quantile.Sorted(Resample(groups.Count, seed, counts => Weighted(group => counts[group])));
        return new Estimate(Weighted(_ => 1), IntervalOf(resampled), groups.Count);
    }

    /// <summary>The difference of two means over samples that are drawn independently.</summary>
    /// <param name="first">One value each; NaN is passed over.</param>
    /// <param name="second">The values that are taken away.</param>
    /// <param name="seed">Which resamples.</param>
    /// <returns>The mean of the first less that of the second; N counts both. None where one sample is empty.</returns>
    public static Estimate MeanDifference(ReadOnlySpan<double> first, ReadOnlySpan<double> second, ulong seed)
    {
        double[] a = Quantile.Sorted(first);
        double[] b = Quantile.Sorted(second);
        if (a.Length == 0 || b.Length == 0)
        {
            return Estimate.None;
        }

        double[] resampled = ResampledMeans(a, seed);
        double[] others = ResampledMeans(b, CounterHash.Hash(seed, SecondSample));
        for (int i = 0; i < resampled.Length; i++)
        {
            resampled[i] -= others[i];
        }

        Array.Sort(resampled);
        return new Estimate(Average(a) - Average(b), IntervalOf(resampled), a.Length + b.Length);
    }

    private static double[] ResampledMeans(double[] values, ulong seed) => Resample(values.Length, seed, counts =>
    {
        double sum = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            sum += counts[i] * values[i];
        }

        return sum / values.Length;
    });

    private static Estimate Of(double[] sorted, double value, ulong seed, Func<int[], double[], double> statistic)
    {
        if (sorted.Length == 0)
        {
            return Estimate.None;
        }

        double[] resampled = Resample(sorted.Length, seed, counts => statistic(counts, sorted));
        Array.Sort(resampled);
        return new Estimate(value, IntervalOf(resampled), sorted.Length);
    }

    private static double[] Resample(int n, ulong seed, Func<int[], double> statistic)
    {
        var resampled = new double[Resamples];
        var counts = new int[n];   // how often each entry was drawn
        for (int resample = 0; resample < Resamples; resample++)
        {
            Array.Clear(counts);
            for (int draw = 0; draw < n; draw++)
            {
                counts[UniformDraw.Below(n, seed, (ulong)resample, (ulong)draw)]++;
            }

            resampled[resample] = statistic(counts);
        }

        return resampled;
    }

    /// <summary>From the 2.5% to the 97.5% quantile of resampled numbers; none where more than half of the resamples gave no number.</summary>
    /// <param name="sorted">The numbers in ascending order, without NaN.</param>
    internal static Interval IntervalOf(double[] sorted) => 2 * sorted.Length < Resamples ? Interval.None : new(Quantile.OfSorted(sorted, 0.025), Quantile.OfSorted(sorted, 0.975));

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
