namespace Keyhole.Mining;

/// <summary>Which part of a corpus a run mines.</summary>
/// <param name="Index">From 0.</param>
/// <param name="Count">Parts that the corpus is dealt out to.</param>
public readonly record struct CorpusShard(int Index, int Count)
{
    /// <summary>Most parts that a corpus is dealt out to.</summary>
    public const int MostShards = 65_536;

    /// <summary>The whole corpus.</summary>
    public static CorpusShard Whole => new(0, 1);

    /// <summary>Whether it is less than the whole.</summary>
    public bool IsPart => Count > 1;
}
