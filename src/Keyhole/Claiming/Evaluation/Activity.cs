namespace Keyhole.Claiming.Evaluation;

/// <summary>Where a memory is active.</summary>
/// <param name="above">The coefficient above which it is, on its pole; NaN of a rank.</param>
/// <param name="active">Of each position.</param>
internal sealed class Activity(double above, bool[] active)
{
    /// <summary>The coefficient above which it is active, on its pole; NaN of a rank.</summary>
    public double Above { get; } = above;

    /// <summary>Of each position whether it is.</summary>
    public bool[] Active { get; } = active;

    /// <summary>Applies a rule that looks at the memory alone.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="scores">m, on the negative pole -m; at least one.</param>
    /// <param name="sorted">The same, ascending.</param>
    public static Activity Of(ClaimThreshold rule, float[] scores, float[] sorted)
    {
        double above = rule.Kind switch
        {
            ThresholdKind.Quantile => Quantile(sorted, rule.Number),
            ThresholdKind.Fraction => Math.Max(0, rule.Number * sorted[^1]),
            ThresholdKind.Deviations => Deviations(scores, rule.Number),
            _ => 0,
        };
        return new Activity(above, [.. scores.Select(score => score > above)]);
    }

    /// <summary>Applies a rank within the position.</summary>
    /// <param name="scores">m, on the negative pole -m.</param>
    /// <param name="bounds">The size that the layer's r-th largest memory has at each position.</param>
    /// <param name="norm">|v| where sizes are |m| |v|, else 1.</param>
    public static Activity Ranked(float[] scores, float[] bounds, float norm)
        => new(double.NaN, [.. scores.Zip(bounds, (score, bound) => score > 0 && score * norm >= bound)]);

    // Linear between neighbours, as Keyhole.Statistics.Quantile.
    private static double Quantile(float[] sorted, double q)
    {
        double place = (sorted.Length - 1) * q;
        int below = (int)place;
        double share = place - below;
        return share == 0 ? sorted[below] : sorted[below] + (share * ((double)sorted[below + 1] - sorted[below]));
    }

    private static double Deviations(float[] scores, double z)
    {
        double mean = 0;
        foreach (float score in scores)
        {
            mean += score;
        }

        mean /= scores.Length;
        double squares = 0;
        foreach (float score in scores)
        {
            squares += (score - mean) * (score - mean);
        }

        return mean + (z * Math.Sqrt(squares / scores.Length));
    }
}
