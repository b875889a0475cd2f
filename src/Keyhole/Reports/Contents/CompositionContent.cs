using System.Collections.Immutable;
using Keyhole.Composition;
using Keyhole.Statistics;

namespace Keyhole.Reports.Contents;

/// <summary>What the report shows of the paper's section 5 (figures 7 to 11).</summary>
internal sealed record CompositionContent
{
    /// <summary>One entry a layer, in order.</summary>
    public required ImmutableArray<LayerComposition> Layers { get; init; }

    /// <summary>The output.</summary>
    public required OutputComposition Output { get; init; }

    /// <summary>Whether the target's rank improves beyond a shuffled one's.</summary>
    public required Refinement Refinement { get; init; }

    /// <summary>Prefixes read.</summary>
    public required long Prefixes { get; init; }

    /// <summary>Of all prefixes those of fewer than 5 tokens: the base rate of the short ones.</summary>
    public required Share ShortPrefixes { get; init; }

    /// <summary>Of all prefixes those whose final prediction is a stop word: the base rate beside the agreeing ones.</summary>
    public required Share StopWordPredictions { get; init; }

    /// <summary>Last-layer compositions, for reading.</summary>
    public required ImmutableArray<LastLayerRow> LastLayer { get; init; }
}
