using System.Collections.Immutable;
using Keyhole.Statistics;
using Keyhole.Values;

namespace Keyhole.Reports.Contents;

/// <summary>What the report shows of agreement (figures 4 to 6).</summary>
internal sealed record AgreementContent
{
    /// <summary>Nothing analysed.</summary>
    public static AgreementContent None { get; } = new() { Layers = [], ByConfidence = [], ConfidentByLayer = ImmutableSortedDictionary<int, int>.Empty, ConfidentWithHit = default };

    /// <summary>One entry a layer, in order.</summary>
    public required ImmutableArray<LayerAgreement> Layers { get; init; }

    /// <summary>Agreement by the largest probability of the value, smallest first.</summary>
    public required ImmutableArray<ConfidenceBin> ByConfidence { get; init; }

    /// <summary>Of the most confident values (100, or all where there are fewer) how many lie in each layer; layers without any may be missing.</summary>
    public required ImmutableSortedDictionary<int, int> ConfidentByLayer { get; init; }

    /// <summary>Of the most confident values with triggers those that have one among the first 50 whose next token is the value's top token.</summary>
    public required Share ConfidentWithHit { get; init; }

    /// <summary>The most confident values.</summary>
    public int ConfidentCount => ConfidentByLayer.Values.Sum();
}
