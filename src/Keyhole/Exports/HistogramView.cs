using Keyhole.Memories;

namespace Keyhole.Exports;

/// <summary>A histogram folded to a few columns, from the first bin that holds something to the last.</summary>
public sealed class HistogramView
{
    private const string Blocks = " ▁▂▃▄▅▆▇█";
    private const string Ascii = " .:-=+*#@";

    private HistogramView(long[] columns, double lower, double upper)
    {
        Columns = columns;
        Lower = lower;
        Upper = upper;
    }

    /// <summary>Counts from left (smallest values) to right; empty where nothing was counted.</summary>
    public IReadOnlyList<long> Columns { get; }

    /// <summary>Lower edge of the first column, bounded by the smallest value; NaN where nothing was counted.</summary>
    public double Lower { get; }

    /// <summary>Upper edge of the last column, bounded by the largest value; NaN where nothing was counted.</summary>
    public double Upper { get; }

    /// <summary>Folds a histogram.</summary>
    /// <param name="statistics">Statistics with 256 bins.</param>
    /// <param name="columns">At most so many columns.</param>
    public static HistogramView Fold(NeuronStatistics statistics, int columns = 40)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        int first = 0;
        int end = statistics.Histogram.Length;
        while (first < end && statistics.Histogram[first] == 0)
        {
            first++;
        }

        while (end > first && statistics.Histogram[end - 1] == 0)
        {
            end--;
        }

        if (first == end)
        {
            return new HistogramView([], double.NaN, double.NaN);
        }

        int bins = end - first;
        long[] counts = new long[Math.Min(columns, bins)];
        for (int bin = 0; bin < bins; bin++)
        {
            counts[bin * counts.Length / bins] += statistics.Histogram[first + bin];
        }

        return new HistogramView(counts,
            Math.Max(ActivationHistogram.Edges[first], statistics.Min), Math.Min(ActivationHistogram.Edges[end], statistics.Max));
    }

    /// <summary>One character a column; heights are logarithmic, a column that holds anything is never blank.</summary>
    /// <param name="ascii">Only ASCII characters.</param>
    public string Draw(bool ascii = false)
    {
        string levels = ascii ? Ascii : Blocks;
        long largest = Columns.Count == 0 ? 0 : Columns.Max();
        return string.Concat(Columns.Select(count => levels[Level(count, largest, levels.Length - 1)]));
    }

    private static int Level(long count, long largest, int highest) => count == 0 ? 0
        : count == largest ? highest
        : 1 + (int)((highest - 1) * Math.Log(count) / Math.Log(largest));
}
