using Keyhole.Statistics;

namespace Keyhole.Composition;

/// <summary>Where a layer's prediction top(o) comes from (method, section 4, figure 11), in prefixes.</summary>
/// <param name="Residual">top(o) = top(r) alone.</param>
/// <param name="Ffn">top(o) = top(y) alone.</param>
/// <param name="Agreement">All three are the same.</param>
/// <param name="Composition">top(o) is neither, and the two differ.</param>
/// <param name="Overruled">top(r) = top(y), but top(o) is another.</param>
public readonly record struct Breakdown(long Residual, long Ffn, long Agreement, long Composition, long Overruled)
{
    /// <summary>All prefixes.</summary>
    public long Total => Residual + Ffn + Agreement + Composition + Overruled;

    /// <summary>One of the counts as a share of all.</summary>
    /// <param name="count">The count.</param>
    public Share Of(long count) => new(count, Total);

    /// <summary>Counts one prefix more.</summary>
    /// <param name="topR">top(r).</param>
    /// <param name="topY">top(y).</param>
    /// <param name="topO">top(o).</param>
    public Breakdown With(int topR, int topY, int topO) => KindOf(topR, topY, topO) switch
    {
        StepKind.Agreement => this with { Agreement = Agreement + 1 },
        StepKind.Residual => this with { Residual = Residual + 1 },
        StepKind.Ffn => this with { Ffn = Ffn + 1 },
        StepKind.Overruled => this with { Overruled = Overruled + 1 },
        _ => this with { Composition = Composition + 1 },
    };

    /// <summary>Which of the five one prefix is.</summary>
    /// <param name="topR">top(r).</param>
    /// <param name="topY">top(y).</param>
    /// <param name="topO">top(o).</param>
    public static StepKind KindOf(int topR, int topY, int topO) => (topO == topR, topO == topY, topR == topY) switch
    {
        (true, true, _) => StepKind.Agreement,
        (true, false, _) => StepKind.Residual,
        (false, true, _) => StepKind.Ffn,
        (false, false, true) => StepKind.Overruled,
        (false, false, false) => StepKind.Composition,
    };
}
