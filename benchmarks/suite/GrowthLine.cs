namespace Keyhole.Benchmarks;

/// <summary>The straight line start + each x tokens through the costs of runs of several sizes.</summary>
/// <param name="Start">Cost of no token; not below 0.</param>
/// <param name="Each">Cost of one more token.</param>
internal readonly record struct GrowthLine(double Start, double Each)
{
    /// <summary>The line of least squares of (start + each x tokens) / cost - 1: deviations count by their share, so that short runs count as much as long ones.</summary>
    /// <param name="runs">Tokens and cost of at least two different numbers of tokens; costs above 0.</param>
    /// <exception cref="ArgumentException">There are fewer than two numbers of tokens.</exception>
    public static GrowthLine Through(IReadOnlyCollection<(long Tokens, double Cost)> runs)
    {
        if (runs.Select(run => run.Tokens).Distinct().Take(2).Count() < 2)
        {
            throw new ArgumentException("A line needs runs of at least two different numbers of tokens.", nameof(runs));
        }

        double aa = 0, ab = 0, bb = 0, a1 = 0, b1 = 0;
        foreach ((long tokens, double cost) in runs)
        {
            double a = 1 / cost, b = tokens / cost;
            (aa, ab, bb, a1, b1) = (aa + (a * a), ab + (a * b), bb + (b * b), a1 + a, b1 + b);
        }

        double determinant = (aa * bb) - (ab * ab);
        double start = ((a1 * bb) - (b1 * ab)) / determinant;
        return start >= 0 ? new GrowthLine(start, ((b1 * aa) - (a1 * ab)) / determinant) : new GrowthLine(0, b1 / bb);   // no run has less than no start
    }

    /// <summary>The line's cost of so many tokens.</summary>
    public double At(long tokens) => Start + (Each * tokens);

    /// <summary>The largest share by which a run's cost lies beside the line.</summary>
    public double LargestDeviation(IEnumerable<(long Tokens, double Cost)> runs)
    {
        GrowthLine line = this;
        return runs.Max(run => Math.Abs((run.Cost / line.At(run.Tokens)) - 1));
    }
}
