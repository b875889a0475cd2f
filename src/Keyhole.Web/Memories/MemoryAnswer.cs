namespace Keyhole.Web.Memories;

/// <summary>All that a memory's page shows from the study.</summary>
public sealed record MemoryAnswer
{
    /// <summary>The memory's name, such as <c>L12N3456</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Layer, from 0.</summary>
    public required int Layer { get; init; }

    /// <summary>Expert, from 0; null where there is none.</summary>
    public int? Expert { get; init; }

    /// <summary>Index in the layer or expert, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Memories of the layer, of one expert where there are experts.</summary>
    public required int Width { get; init; }

    /// <summary>The memory before it in the study; null for the first.</summary>
    public string? Previous { get; init; }

    /// <summary>The memory after it in the study; null for the last.</summary>
    public string? Next { get; init; }

    /// <summary>What the lists are ordered by: post for the coefficient, pre for the pre-activation.</summary>
    public required string RankBy { get; init; }

    /// <summary>Its poles: positive and, where gated, negative.</summary>
    public required IReadOnlyList<PoleAnswer> Poles { get; init; }

    /// <summary>The memory at random positions, where the study keeps them; the coefficient is null where its expert was not chosen.</summary>
    public IReadOnlyList<TriggerAnswer>? Random { get; init; }

    /// <summary>The strongest triggers of each sign case, where the study keeps lists of them.</summary>
    public IReadOnlyList<CaseTriggersAnswer>? SignCases { get; init; }

    /// <summary>Its statistics.</summary>
    public required StatisticsAnswer Statistics { get; init; }

    /// <summary>Its histogram.</summary>
    public required HistogramAnswer Histogram { get; init; }

    /// <summary>Its value; null where the study has none.</summary>
    public ValueAnswer? Value { get; init; }
}

/// <summary>A pole.</summary>
/// <param name="Name">positive or negative.</param>
/// <param name="Total">Triggers of its list.</param>
/// <param name="Threshold">The list's last coefficient, below which no text is in it; null where the memory fires less often than the list is long, so that every text is in it.</param>
/// <param name="Triggers">The first ones.</param>
/// <param name="Agreement">The value beside them; null where the study has none.</param>
public sealed record PoleAnswer(string Name, int Total, float? Threshold, IReadOnlyList<TriggerAnswer> Triggers, AgreementAnswer? Agreement)
{
    /// <summary>The share of the pole's activation that the triggers of its list stand for, 0 to 1; null where it is not known.</summary>
    public double? TopShare { get; init; }

    /// <summary>An example of each tenth of the pole's activation, the weakest first, its rank being the tenth; null where the study keeps none.</summary>
    public IReadOnlyList<TriggerAnswer>? Quantiles { get; init; }

    /// <summary>What its triggers share beyond decoys (docs/patterns.md); null where no patterns were looked for.</summary>
    public IReadOnlyList<PatternAnswer>? Patterns { get; init; }
}

/// <summary>Triggers of a sign case.</summary>
/// <param name="Name">Such as <c>gate+in-</c>.</param>
/// <param name="Total">Triggers of its list.</param>
/// <param name="Triggers">The first ones, by |m|.</param>
public sealed record CaseTriggersAnswer(string Name, int Total, IReadOnlyList<TriggerAnswer> Triggers);

/// <summary>A pattern of a pole's triggers.</summary>
/// <param name="Text">What is shared.</param>
/// <param name="Class">Its class, such as last-bigram.</param>
/// <param name="Kind">shallow, syntactic or semantic.</param>
/// <param name="Coverage">Triggers that have it.</param>
/// <param name="Prefixes">Triggers that were looked at.</param>
/// <param name="Lift">Its share of these over its share of the corpus.</param>
/// <param name="Q">The false-discovery rate at which it counts as found.</param>
public sealed record PatternAnswer(string Text, string Class, string Kind, int Coverage, int Prefixes, double Lift, double Q);

/// <summary>Statistics of the coefficient over all candidate positions (docs/statistics.md); null where nothing was counted.</summary>
/// <param name="Positions">n.</param>
/// <param name="Mean">Mean.</param>
/// <param name="Variance">Population variance.</param>
/// <param name="Skewness">Population skewness.</param>
/// <param name="ExcessKurtosis">Population excess kurtosis.</param>
/// <param name="Min">Smallest m.</param>
/// <param name="Max">Largest m.</param>
/// <param name="SharePositive">Share of positions with m &gt; 0, 0 to 1.</param>
/// <param name="SignCases">Share of each sign case; null where not gated.</param>
public sealed record StatisticsAnswer(
    long Positions, double Mean, double Variance, double Skewness, double ExcessKurtosis, float Min, float Max, double SharePositive, IReadOnlyList<SignCaseAnswer>? SignCases);

/// <summary>How often a sign case occurred.</summary>
/// <param name="Name">Such as <c>gate+in-</c>.</param>
/// <param name="Count">Positions.</param>
/// <param name="Share">Of all positions, 0 to 1.</param>
public sealed record SignCaseAnswer(string Name, long Count, double Share);

/// <summary>A histogram of a sample of positions.</summary>
/// <param name="Positions">Positions of the sample.</param>
/// <param name="ActiveAbove">The memory counts as active where m (plain ReLU layers), or |m|, is above.</param>
/// <param name="ActiveRule">Says which: zero, or fraction 0.01 of max.</param>
/// <param name="Bins">The bins that hold something, ascending.</param>
public sealed record HistogramAnswer(long Positions, double ActiveAbove, string ActiveRule, IReadOnlyList<BinAnswer> Bins);

/// <summary>A bin of a histogram.</summary>
/// <param name="Bin">Its number, 0 to 255; 128 begins at zero.</param>
/// <param name="Lower">Lower edge; null for minus infinity.</param>
/// <param name="Upper">Upper edge; null for infinity.</param>
/// <param name="Count">Positions.</param>
public sealed record BinAnswer(int Bin, double Lower, double Upper, uint Count);
