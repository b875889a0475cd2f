using Keyhole.Statistics;

namespace Keyhole.Composition;

/// <summary>Whether ranks improve with depth beyond what a token paired at random shows too (method, section 4).</summary>
/// <remarks>The improvement of a token is log2((rank in r of the first layer + 1) / (rank in the output + 1)): how often its place in the list was halved.</remarks>
public sealed record Refinement
{
    /// <summary>Mean improvement of the token itself.</summary>
    public required Estimate Improvement { get; init; }

    /// <summary>Mean improvement of the token paired at random.</summary>
    public required Estimate Shuffled { get; init; }

    /// <summary>Mean of the difference, prompt by prompt or prefix by prefix.</summary>
    public required Estimate Difference { get; init; }

    /// <summary>The claim: ranks improve, and more than those of shuffled tokens; both intervals lie above zero.</summary>
    public bool Supported => Improvement.Interval.Lower > 0 && Difference.Interval.Lower > 0;

    /// <summary>Compares improvements.</summary>
    /// <param name="first">Ranks in r of the first layer; NaN where there is none.</param>
    /// <param name="last">Ranks in the output.</param>
    /// <param name="shuffledFirst">The same of the tokens paired at random.</param>
    /// <param name="shuffledLast">The same.</param>
    /// <param name="seed">Of the intervals.</param>
    public static Refinement Of(double[] first, double[] last, double[] shuffledFirst, double[] shuffledLast, ulong seed)
    {
        double[] own = Improvements(first, last);
        double[] other = Improvements(shuffledFirst, shuffledLast);
        return new Refinement
        {
            Improvement = Bootstrap.Mean(own, seed),
            Shuffled = Bootstrap.Mean(other, seed),
            Difference = Bootstrap.Mean(own.Zip(other, (a, b) => a - b).ToArray(), seed),
        };
    }

    private static double[] Improvements(double[] first, double[] last) => [.. first.Zip(last, (from, to) => Math.Log2((from + 1) / (to + 1)))];
}
