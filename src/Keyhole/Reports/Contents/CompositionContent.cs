using System.Collections.Immutable;
using Keyhole.Composition;
using Keyhole.Statistics;

namespace Keyhole.Reports.Contents;

/// <summary>What the report shows of the paper's section 5 (figures 7 to 11).</summary>
internal sealed record CompositionContent
{
    /// <summary>Nothing analysed.</summary>
    public static CompositionContent None { get; } = new()
    {
        Layers = [],
        Prefixes = 0,
        ShortPrefixes = default,
        StopWordPredictions = default,
        Output = new OutputReading(Quartiles.None, Quartiles.None, Quartiles.None, Estimate.None),
        Settled = [],
        LastLayer = [],
    };

    /// <summary>One entry a layer, in order.</summary>
    public required ImmutableArray<LayerComposition> Layers { get; init; }

    /// <summary>Prefixes read.</summary>
    public required long Prefixes { get; init; }

    /// <summary>Of all prefixes those of fewer than 5 tokens: the base rate of the short ones.</summary>
    public required Share ShortPrefixes { get; init; }

    /// <summary>Of all prefixes those whose final prediction is a stop word: the base rate beside the agreeing ones; n = 0 where it is not known.</summary>
    public required Share StopWordPredictions { get; init; }

    /// <summary>Ranks in the output.</summary>
    public required OutputReading Output { get; init; }

    /// <summary>Share of the prefixes whose final top token stays on top from layer l on; shape [L], empty where it is not known.</summary>
    public required ImmutableArray<Share> Settled { get; init; }

    /// <summary>Last-layer compositions, for reading.</summary>
    public required ImmutableArray<LastLayerRow> LastLayer { get; init; }
}
