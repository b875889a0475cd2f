using Keyhole.Statistics;

namespace Keyhole.Claiming.Evaluation;

/// <summary>Percentile bootstrap over texts, of many tests over the same texts at once: the draws are those of <see cref="Bootstrap.OverGroups"/> and made once for all.</summary>
internal static class TextResamples
{
    private static readonly Func<DetectorCounts, double>[] s_measures =
        [counts => counts.Precision, counts => counts.Recall, counts => counts.NegativeGivenInactive, counts => counts.Lift, counts => counts.Phi];

    /// <summary>Intervals of precision, recall, P(not P | inactive), lift and phi, and where positions are ranked of AUROC and average precision; shape [tests][7].</summary>
    /// <param name="positions">The positions of all tests.</param>
    /// <param name="tests">Their counts by text, and their ranked positions, or null.</param>
    /// <param name="seed">Which resamples.</param>
    /// <param name="threads">Worker threads.</param>
    /// <param name="cancellation">Stops between resamples.</param>
    public static Interval[][] Intervals(PositionSet positions, IReadOnlyList<(TextCounts[] Counts, RankedPositions? Ranked)> tests, ulong seed, int threads, CancellationToken cancellation)
    {
        int texts = positions.Sizes.Length;
        int measures = s_measures.Length + 2;
        double[][][] resampled = [.. tests.Select(_ => Enumerable.Range(0, measures).Select(_ => new double[Bootstrap.Resamples]).ToArray())];
        Parallel.For(0, Bootstrap.Resamples, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, () => new int[texts], (resample, _, times) =>
        {
            Array.Clear(times);
            long total = 0;
            for (int draw = 0; draw < texts; draw++)
            {
                int text = UniformDraw.Below(texts, seed, (ulong)resample, (ulong)draw);
                times[text]++;
                total += positions.Sizes[text];
            }

            for (int test = 0; test < tests.Count; test++)
            {
                DetectorCounts counts = Weighted(tests[test].Counts, times, total);
                for (int measure = 0; measure < s_measures.Length; measure++)
                {
                    resampled[test][measure][resample] = s_measures[measure](counts);
                }

                (double auroc, double precision) = tests[test].Ranked?.Weighted(times) ?? (double.NaN, double.NaN);
                resampled[test][^2][resample] = auroc;
                resampled[test][^1][resample] = precision;
            }

            return times;
        }, _ => { });
        return [.. resampled.Select(test => test.Select(measure => Bootstrap.IntervalOf(Quantile.Sorted(measure))).ToArray())];
    }

    private static DetectorCounts Weighted(TextCounts[] texts, int[] times, long total)
    {
        long tp = 0, fp = 0, fn = 0;
        foreach (TextCounts text in texts)
        {
            long count = times[text.Text];
            tp += count * text.Counts.Tp;
            fp += count * text.Counts.Fp;
            fn += count * text.Counts.Fn;
        }

        return new DetectorCounts(tp, fp, fn, total - tp - fp - fn);
    }
}
