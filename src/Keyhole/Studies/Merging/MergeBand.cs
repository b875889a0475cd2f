using System.Collections.Immutable;

namespace Keyhole.Studies.Merging;

/// <summary>Layers that the same pieces have.</summary>
/// <param name="layers">The layers, ascending.</param>
/// <param name="pieces">The pieces, by their lowest shard.</param>
internal sealed class MergeBand(ImmutableArray<int> layers, ImmutableArray<MergePiece> pieces)
{
    /// <summary>The layers, ascending.</summary>
    public ImmutableArray<int> Layers { get; } = layers;

    /// <summary>The pieces, by their lowest shard.</summary>
    public ImmutableArray<MergePiece> Pieces { get; } = pieces;
}
