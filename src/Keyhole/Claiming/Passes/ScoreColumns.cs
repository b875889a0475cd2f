using Keyhole.Memories;

namespace Keyhole.Claiming.Passes;

/// <summary>What is put aside of a pass, one number a position each: the coefficient of a memory, or how large |m| must be to be among the largest of a layer. Columns only come on top.</summary>
internal sealed class ScoreColumns
{
    private readonly Dictionary<NeuronId, int> _memories = [];
    private readonly Dictionary<RankRule, int> _bounds = [];

    /// <summary>Number of columns.</summary>
    public int Count => _memories.Count + _bounds.Count;

    /// <summary>Memories and their columns.</summary>
    public IReadOnlyDictionary<NeuronId, int> Memories => _memories;

    /// <summary>Rank rules and their columns.</summary>
    public IReadOnlyDictionary<RankRule, int> Bounds => _bounds;

    /// <summary>Adds what a test needs.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="threshold">When it is active.</param>
    public void Add(NeuronId memory, ClaimThreshold threshold)
    {
        _memories.TryAdd(memory, Count);
        if (threshold.IsRank)
        {
            _bounds.TryAdd(RankRule.Of(memory.Layer, threshold), Count);
        }
    }
}
