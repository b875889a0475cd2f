namespace Keyhole.Mining;

/// <summary>What a trigger list is ordered by.</summary>
public enum RankBy
{
    /// <summary>The coefficient m.</summary>
    Post,

    /// <summary>The pre-activation (the gate's where gated), which also orders memories that never fire.</summary>
    Pre,
}

/// <summary>Which positions compete for the lists, and how (method, section 2).</summary>
public sealed record MiningRules
{
    /// <summary>Triggers kept per memory and pole.</summary>
    public int Top { get; init; } = 25;

    /// <summary>What the lists are ordered by.</summary>
    public RankBy RankBy { get; init; }

    /// <summary>Every prefix competes, not only the best of each unit.</summary>
    public bool PerPrefix { get; init; }

    /// <summary>Keep one trigger per distinct last n tokens; 0 keeps all.</summary>
    public int Distinct { get; init; }

    /// <summary>Position 0 of a unit competes even if it is BOS.</summary>
    public bool FirstPosition { get; init; }

    /// <summary>Position 0 of a unit competes unless it is BOS.</summary>
    public bool FirstUnlessBos { get; init; }

    /// <summary>The last position of a unit, which has no target, competes.</summary>
    public bool LastPosition { get; init; }

    /// <summary>Keep examples from all quantiles of each memory's activation too, random positions, and the sum of its positive coefficients.</summary>
    public bool SampleQuantiles { get; init; }

    /// <summary>Of gated memories, keep a list for each of the four sign cases too.</summary>
    public bool SignCases { get; init; }

    /// <summary>Seed of the samples: of the positions that the histograms count, of quantiles and of random positions.</summary>
    public ulong Seed { get; init; }

    /// <summary>The candidate positions of a unit: the first, and one past the last; none where they are equal.</summary>
    /// <param name="length">Tokens of the unit.</param>
    /// <param name="startsWithBos">Whether token 0 is BOS.</param>
    public (int First, int End) Candidates(int length, bool startsWithBos)
    {
        int first = FirstPosition || (FirstUnlessBos && !startsWithBos) ? 0 : 1;
        int end = LastPosition ? length : length - 1;
        return (Math.Min(first, Math.Max(end, 0)), Math.Max(end, 0));
    }
}
